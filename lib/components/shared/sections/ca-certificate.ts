import type { Check, Path } from '../../../input/issue';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { section } from './fields';

/** Where the CA certificates come from that sign the certificate of a server. */
export const caCertificate = () =>
  section({
    configMap: objectName()
      .optional()
      .describe('ConfigMap in the namespace that contains the CA certificates. Set this or `secret`.'),
    secret: objectName()
      .optional()
      .describe('Secret in the namespace that contains the CA certificates. Set this or `configMap`.'),
    key: dataKey().default('ca.crt').describe('Key of the ConfigMap or Secret that contains the PEM file.'),
  });

interface GivenSource {
  readonly configMap?: string;
  readonly secret?: string;
}

/** Exactly one source is named. */
export function sourceChecks(path: Path, source: GivenSource | undefined): Check[] {
  return [
    {
      path,
      violated: source !== undefined && (source.configMap === undefined) === (source.secret === undefined),
      message: 'must name one source (set either configMap or secret)',
    },
  ];
}
