import type { Check, Path } from '../../../input/issue';

/** Hosts of stores that speak no S3, and the section for them. */
const OTHER_STORES: readonly (readonly [hosts: RegExp, store: string, section: string])[] = [
  [/\.(blob|dfs)\.(core|storage)\.[a-z.]+$/, 'Azure Blob Storage, which does not speak S3', 'azure'],
  [/(^|\.)storage\.cloud\.google\.com$/, "Google's console, not the interface of its storage", 'gcs'],
];

interface Given {
  readonly bucket?: string;
  readonly endpoint?: string;
}

/** An endpoint is that of an S3 store, without the bucket, which each request adds. */
export function endpointChecks(path: Path, { bucket, endpoint }: Given): Check[] {
  // What is no URL is an issue of its own.
  if (endpoint === undefined || !URL.canParse(endpoint)) return [];
  const { hostname, host, pathname, protocol } = new URL(endpoint);
  const [, store, section] = OTHER_STORES.find(([hosts]) => hosts.test(hostname)) ?? [];
  const parts = pathname.split('/').filter((part) => part !== '');
  const isHost = bucket !== undefined && hostname.startsWith(`${bucket.toLowerCase()}.`) && hostname.includes('.s3');
  const isPath = bucket !== undefined && parts.at(-1) === bucket;
  const without = isHost
    ? `${protocol}//${host.slice(`${bucket}.`.length)}${pathname.replace(/\/$/, '')}`
    : `${protocol}//${host}${parts
        .slice(0, -1)
        .map((part) => `/${part}`)
        .join('')}`;
  return [
    {
      path: [...path, 'endpoint'],
      violated: store !== undefined,
      message: `is ${store} (use ${[...path.slice(0, -1), section].join('.')} in its place)`,
    },
    {
      path: [...path, 'endpoint'],
      dependsOn: [[...path, 'bucket']],
      violated: store === undefined && (isHost || isPath),
      message: `names the bucket, which requests add once more (use ${without})`,
    },
  ];
}
