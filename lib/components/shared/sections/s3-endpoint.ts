import { type Check, type Issue, type Path, violatedChecks } from '../../../input/issue';
import { isAws } from './s3-identity';

/** Hosts of stores that speak no S3, and the section for them. */
const OTHER_STORES: readonly (readonly [hosts: RegExp, store: string, section: string])[] = [
  [
    /\.(blob|dfs)\.(core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)$/,
    'Azure Blob Storage, which does not speak S3',
    'azure',
  ],
  [/(^|\.)storage\.cloud\.google\.com$/, "Google's console, not the interface of its storage", 'gcs'],
];

interface Given {
  readonly bucket?: string;
  readonly endpoint?: string;
}

/** An endpoint is that of an S3 store, without the bucket, which each request adds. */
export function endpointChecks(path: Path, given: Given): Check[] {
  const { endpoint } = given;
  // What is no URL is an issue of its own.
  if (endpoint === undefined || !URL.canParse(endpoint)) return [];
  const { hostname } = new URL(endpoint);
  const [, store, section] = OTHER_STORES.find(([hosts]) => hosts.test(hostname)) ?? [];
  const without = withoutBucket(given);
  return [
    {
      path: [...path, 'endpoint'],
      violated: store !== undefined,
      message: `is ${store} (use ${[...path.slice(0, -1), section].join('.')} instead)`,
    },
    {
      path: [...path, 'endpoint'],
      dependsOn: [[...path, 'bucket']],
      violated: isAws(endpoint) && without !== undefined,
      message: `already contains the bucket, which every request adds (use ${without})`,
    },
  ];
}

/** A path of another store that ends with the bucket's name: a gateway may have it there. */
export function endpointWarnings(path: Path, given: Given): Issue[] {
  const without = withoutBucket(given);
  return violatedChecks([
    {
      path: [...path, 'endpoint'],
      violated: without !== undefined && !isAws(given.endpoint),
      message: `ends with the name of the bucket, which every request adds (use ${without}, unless the store has this path)`,
    },
  ]);
}

/** An endpoint without the bucket that it contains; undefined if it contains none. */
function withoutBucket({ bucket, endpoint }: Given): string | undefined {
  if (bucket === undefined || endpoint === undefined) return undefined;
  const { protocol, host, pathname } = new URL(endpoint);
  const parts = pathname.split('/').filter((part) => part !== '');
  const folder = (names: readonly string[]) => names.map((name) => `/${name}`).join('');
  // Elsewhere a host may begin like this: mlflow.s3.svc is the Service mlflow in the namespace s3.
  const first = `${bucket.toLowerCase()}.`;
  if (isAws(endpoint) && host.startsWith(first) && /^s3[.-]/.test(host.slice(first.length))) {
    return `${protocol}//${host.slice(first.length)}${folder(parts)}`;
  }
  return parts.at(-1) === bucket ? `${protocol}//${host}${folder(parts.slice(0, -1))}` : undefined;
}
