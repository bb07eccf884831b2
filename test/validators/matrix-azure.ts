import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

const CONTAINER = { account: 'artifacts', container: 'mlflow' };
const COPIES = { account: 'copies', container: 'mlflow' };
const CLIENT = {
  workloadIdentity: {
    clientId: '3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b',
    tenantId: '9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d',
  },
};

/** Rows of the matrix about Azure Blob Storage. */
export const AZURE: Readonly<Record<string, EnvironmentInput>> = {
  'azure-key': {
    artifacts: { s3: undefined, azure: { ...CONTAINER, prefix: 'team/a', createContainer: true, cloud: 'public' } },
    backup: { artifacts: true, destination: { azure: COPIES }, image: { digest: DIGEST } },
  },
  'azure-sas': {
    artifacts: {
      access: 'direct',
      s3: undefined,
      azure: { ...CONTAINER, cloud: 'usgovernment', credentials: { secret: 'blobs', sasTokenKey: 'sas' } },
    },
    backup: {
      destination: {
        azure: { ...COPIES, cloud: 'usgovernment', credentials: { secret: 'copies', sasTokenKey: 'sas' } },
      },
      image: { digest: DIGEST },
    },
    smokeTest: { enabled: true },
  },
  'azure-identity': {
    artifacts: { s3: undefined, azure: { ...CONTAINER, identity: CLIENT } },
    backup: { artifacts: true, destination: { claim: {} }, image: { digest: DIGEST } },
    garbageCollection: {},
    monitoring: { metrics: {} },
  },
  'azure-identity-for-backups': {
    artifacts: { s3: undefined, azure: { ...CONTAINER, credentials: { secret: 'blobs', accountKeyKey: 'key' } } },
    backup: {
      artifacts: true,
      destination: { azure: { ...COPIES, identity: CLIENT } },
      image: { digest: DIGEST },
    },
  },
  'azure-china': {
    artifacts: { s3: undefined, azure: { ...CONTAINER, cloud: 'china', identity: CLIENT } },
    backup: {
      destination: {
        azure: { ...COPIES, cloud: 'china', credentials: { secret: 'copies', accountKeyKey: 'key' } },
      },
      image: { digest: DIGEST },
    },
  },
  'azure-public': {
    backup: { destination: { azure: { ...COPIES, cloud: 'public' } }, image: { digest: DIGEST } },
  },
};
