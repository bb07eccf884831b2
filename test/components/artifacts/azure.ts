import type { EnvironmentInput } from '../../../lib/environment/model';
import { SMALLEST } from '../../support/support';

/** Containers of Azure Blob Storage, and who logs in there. */

type Azure = NonNullable<NonNullable<EnvironmentInput['artifacts']>['azure']>;

export const CLIENT_ID = '3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b';
export const BACKUP_CLIENT_ID = '11111111-2222-3333-4444-555555555555';
export const TENANT_ID = '9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d';
export const identity = (clientId = CLIENT_ID) => ({ workloadIdentity: { clientId, tenantId: TENANT_ID } });

/** Artifacts in a container. */
export const inAzure = (more: Partial<Azure> = {}, others: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  artifacts: { azure: { account: 'models', container: 'mlflow', ...more } },
  ...others,
});

/** Backups in a container. */
export const copiedToAzure = (more: object = {}): EnvironmentInput => ({
  backup: { artifacts: true, destination: { azure: { account: 'copies', container: 'mlflow', ...more } } },
});
