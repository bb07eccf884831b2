import type { Check } from '../../../input/issue';
import { SERVICE_ACCOUNT_ANNOTATION } from '../../shared/google-identity';
import { gcsChecks } from '../../shared/sections/gcs';
import type { GcsSection } from './resolve';

/** The server, as a user wrote it. */
export interface ServerLogin {
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
  readonly env: Readonly<Record<string, unknown>>;
}

/** Checks between the keys of a bucket, and with what else says as whom the server logs in. */
export const artifactGcsChecks = (gcs: GcsSection, { serviceAccount: { annotations }, env }: ServerLogin): Check[] => [
  ...gcsChecks(['artifacts', 'gcs'], gcs),
  {
    path: ['server', 'serviceAccount', 'annotations', SERVICE_ACCOUNT_ANNOTATION],
    dependsOn: [['artifacts', 'gcs', 'identity']],
    violated: gcs.identity !== undefined && annotations[SERVICE_ACCOUNT_ANNOTATION] !== undefined,
    message:
      'is another service account than that of artifacts.gcs.identity.workloadIdentity, or the same again (remove it)',
  },
  {
    path: ['server', 'env', 'GOOGLE_APPLICATION_CREDENTIALS'],
    dependsOn: [['artifacts', 'gcs', 'identity']],
    violated: gcs.identity !== undefined && env.GOOGLE_APPLICATION_CREDENTIALS !== undefined,
    message: 'would be used in place of artifacts.gcs.identity (remove one of the two)',
  },
];
