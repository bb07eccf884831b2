import type { ReservedVariables } from '../../shared/contributions/reserved-variables';

/** Variables by which the client of Google Cloud Storage would use another store, or no login. */
export const RESERVED_GCS_VARIABLES: readonly ReservedVariables[] = [
  { names: ['STORAGE_EMULATOR_HOST', 'API_ENDPOINT_OVERRIDE'], instead: 'use artifacts.gcs.endpoint' },
];
