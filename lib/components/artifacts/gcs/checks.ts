import type { Check } from '../../../input/issue';
import { SERVICE_ACCOUNT_ANNOTATION } from '../../shared/google-identity';
import { gcsChecks, keyFileCheck, type ServerVariables } from '../../shared/sections/gcs';
import type { GcsSection } from './resolve';

/** The server, as a user wrote it. */
export interface ServerLogin extends ServerVariables {
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
}

/** Checks between the keys of a bucket, and with what else says as whom the server logs in. */
export const artifactGcsChecks = (gcs: GcsSection, server: ServerLogin): Check[] => [
  ...gcsChecks(['artifacts', 'gcs'], gcs),
  {
    path: ['server', 'serviceAccount', 'annotations', SERVICE_ACCOUNT_ANNOTATION],
    dependsOn: [['artifacts', 'gcs', 'identity']],
    violated: gcs.identity !== undefined && server.serviceAccount.annotations[SERVICE_ACCOUNT_ANNOTATION] !== undefined,
    message:
      'is another service account than that of artifacts.gcs.identity.workloadIdentity, or the same again (remove it)',
  },
  keyFileCheck(['artifacts', 'gcs'], gcs, server),
];
