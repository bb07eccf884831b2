import type { Check } from '../../input/issue';
import { resourceChecks } from '../shared/sections/resources';
import type { ArtifactsSection } from './resolve';

/** Checks between the keys of the artifact store. */
export function artifactsChecks({ artifacts }: { readonly artifacts: ArtifactsSection }): Check[] {
  return artifacts.embedded ? embeddedChecks(artifacts, artifacts.embedded) : externalChecks(artifacts);
}

const CA = ['artifacts', 's3', 'tls', 'ca'];

const caChecks = ({ s3: { tls } }: ArtifactsSection): Check[] => [
  {
    path: CA,
    violated: tls.ca !== undefined && (tls.ca.configMap === undefined) === (tls.ca.secret === undefined),
    message: 'must name one source (give either configMap or secret)',
  },
];

function externalChecks(artifacts: ArtifactsSection): Check[] {
  const { s3 } = artifacts;
  return [
    {
      path: ['artifacts', 's3', 'bucket'],
      violated: s3.bucket === undefined,
      message: 'is missing (give the name of the bucket, or artifacts.embedded: {} for a store in the cluster)',
    },
    {
      path: CA,
      violated: s3.tls.ca !== undefined && !(s3.endpoint ?? 'https://').startsWith('https://'),
      message: 'does nothing for an http endpoint (use https, or remove it)',
    },
    ...caChecks(artifacts),
  ];
}

/** What an embedded store decides itself cannot be set beside it. */
function embeddedChecks(artifacts: ArtifactsSection, embedded: NonNullable<ArtifactsSection['embedded']>): Check[] {
  const { s3, access } = artifacts;
  const { tag, digest } = embedded.image;
  return [
    {
      path: ['artifacts', 'embedded', 'image', 'tag'],
      violated: tag === 'latest' && digest === undefined,
      message: 'may be another image each time that it is pulled (name a tag that stays, or give a digest too)',
    },
    {
      path: ['artifacts', 's3', 'endpoint'],
      violated: s3.endpoint !== undefined,
      message: 'is given beside artifacts.embedded, which has an endpoint of its own (remove one of the two)',
    },
    {
      path: CA,
      violated: s3.tls.ca !== undefined,
      message: 'does nothing for an embedded store, which offers no encryption (remove it)',
    },
    ...caChecks(artifacts),
    {
      path: ['artifacts', 's3', 'addressingStyle'],
      violated: s3.addressingStyle === 'virtual',
      message: 'is virtual, but an embedded store has one host name for all buckets (use path, or remove it)',
    },
    {
      path: ['artifacts', 'access'],
      violated: access === 'direct',
      message: 'is direct, but only the server reaches an embedded store (use proxied, or a store of your own)',
    },
    ...resourceChecks(['artifacts', 'embedded'], embedded.resources),
  ];
}
