import { destinationsIn } from './contributions/destinations';
import type { PodIdentity } from './pod-identity';

/** A client of Microsoft Entra ID. */
export interface WorkloadIdentity {
  readonly clientId: string;
  readonly tenantId: string;
}

/** The annotation of a ServiceAccount by which the webhook of Azure knows its client. */
export const CLIENT_ANNOTATION = 'azure.workload.identity/client-id';

/** The names that the webhook of Azure uses: what has them already, it leaves alone. */
const TOKEN_NAME = 'azure-identity-token';
const TOKEN_FOLDER = '/var/run/secrets/azure/tokens';

/** Seconds that a token is valid, as with the webhook. The SDK reads the file again after ten minutes. */
const TOKEN_SECONDS = 3600;

/**
 * The identity of a pod, by the variables that the SDK of Azure reads by itself. All of it is rendered, so that clusters
 * without the webhook of Azure give it too.
 *
 * @see https://github.com/Azure/azure-workload-identity/blob/main/pkg/webhook/webhook.go
 */
export const azureIdentity = ({ clientId, tenantId }: WorkloadIdentity, authority: string): PodIdentity => ({
  issuer: `${authority}${tenantId}`,
  principal: { path: ['identity', 'workloadIdentity', 'clientId'], value: clientId, kind: 'client' },
  variables: [
    { name: 'AZURE_CLIENT_ID', value: clientId },
    { name: 'AZURE_TENANT_ID', value: tenantId },
    { name: 'AZURE_FEDERATED_TOKEN_FILE', value: `${TOKEN_FOLDER}/${TOKEN_NAME}` },
    { name: 'AZURE_AUTHORITY_HOST', value: authority },
  ],
  mounts: [{ name: TOKEN_NAME, mountPath: TOKEN_FOLDER, readOnly: true }],
  volumes: [
    {
      name: TOKEN_NAME,
      projected: {
        sources: [
          {
            serviceAccountToken: {
              audience: 'api://AzureADTokenExchange',
              expirationSeconds: TOKEN_SECONDS,
              path: TOKEN_NAME,
            },
          },
        ],
      },
    },
  ],
  accountAnnotations: { [CLIENT_ANNOTATION]: clientId, 'azure.workload.identity/tenant-id': tenantId },
  podLabels: { 'azure.workload.identity/use': 'true' },
  podAnnotations: (others): Record<string, string> =>
    others.length > 0 ? { 'azure.workload.identity/skip-containers': others.join(';') } : {},
  destinations: destinationsIn(authority),
});
