import type { Check } from '../../../input/issue';
import { sourceChecks } from '../../shared/sections/ca-certificate';
import { tagChecks } from '../../shared/sections/image';
import { resourceChecks } from '../../shared/sections/resources';
import { bucketChecks } from '../../shared/sections/s3';
import type { S3Section } from '../s3/resolve';
import type { EmbeddedSection } from './resolve';

interface EmbeddedSections {
  readonly access: string;
  readonly s3: S3Section;
  readonly embedded: EmbeddedSection;
}

/** Keys that an embedded store determines cannot be set as well. */
export function embeddedChecks({ s3, access, embedded }: EmbeddedSections): Check[] {
  return [
    ...tagChecks(['artifacts', 'embedded', 'image'], embedded.image),
    {
      path: ['artifacts', 's3', 'endpoint'],
      violated: s3.endpoint !== undefined,
      message: 'cannot be combined with artifacts.embedded, which has its own endpoint (remove one of the two)',
    },
    {
      path: ['artifacts', 's3', 'identity'],
      violated: s3.identity !== undefined,
      message: 'cannot be combined with artifacts.embedded, which knows only its own key (remove one of the two)',
    },
    {
      path: ['artifacts', 's3', 'tls', 'ca'],
      violated: s3.tls.ca !== undefined,
      message: 'has no effect on an embedded store, which has no TLS (remove it)',
    },
    // The embedded store has the rules of AWS.
    ...bucketChecks(['artifacts', 's3'], { ...s3, addressingStyle: 'path' }, true),
    ...sourceChecks(['artifacts', 's3', 'tls', 'ca'], s3.tls.ca),
    {
      path: ['artifacts', 's3', 'addressingStyle'],
      violated: s3.addressingStyle === 'virtual',
      message: 'is virtual, but an embedded store has one host name for all buckets (use path, or remove it)',
    },
    {
      path: ['artifacts', 'access'],
      violated: access === 'direct',
      message: 'is direct, but only the server can reach an embedded store (use proxied, or an external store)',
    },
    ...resourceChecks(['artifacts', 'embedded'], embedded.resources),
  ];
}
