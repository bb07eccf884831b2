import type { Check } from '../../../input/issue';
import { CLIENT_ANNOTATION } from '../../shared/azure-identity';
import { azureChecks } from '../../shared/sections/azure';
import type { AzureSection } from './resolve';

/** What of the server a container with artifacts is checked with, as a user wrote it. */
export interface LoggingInServer {
  readonly env: Readonly<Record<string, unknown>>;
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
}

/** Variables by which MLflow's client would use another account or login than the one of `artifacts.azure`. */
const OTHERS_ALWAYS = ['AZURE_STORAGE_CONNECTION_STRING'];

/** And before the identity of the pod. */
const OTHERS_OF_IDENTITY = [
  'AZURE_STORAGE_ACCESS_KEY',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_USERNAME',
  'AZURE_PASSWORD',
  'AZURE_TOKEN_CREDENTIALS',
];

/** Checks between a container, and the server that logs in there. */
export const azureArtifactChecks = (azure: AzureSection, { env, serviceAccount }: LoggingInServer): Check[] => [
  ...azureChecks(['artifacts', 'azure'], azure),
  {
    path: ['server', 'serviceAccount', 'annotations', CLIENT_ANNOTATION],
    dependsOn: [['artifacts', 'azure', 'identity']],
    violated: azure.identity !== undefined && serviceAccount.annotations[CLIENT_ANNOTATION] !== undefined,
    message: 'is another client than that of artifacts.azure.identity, or the same again (remove it)',
  },
  ...[...OTHERS_ALWAYS, ...(azure.identity ? OTHERS_OF_IDENTITY : [])].map((name) => ({
    path: ['server', 'env', name],
    dependsOn: [['artifacts', 'azure']],
    violated: Object.hasOwn(env, name),
    message: `would be used in place of artifacts.azure.${azure.identity ? 'identity' : 'credentials'} (remove one of the two)`,
  })),
];
