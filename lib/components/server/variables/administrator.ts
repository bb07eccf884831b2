import type { Variable } from '../../../kubernetes/variables';
import type { Release } from '../../../mlflow/releases';
import type { Auth } from '../../auth/resolve';
import { administratorLogin } from '../../auth/variables';
import { type ReachableServer, trackingUri } from '../../service/hosts';
import { serverCaVariables } from '../../service/tls';

/** A client of the server in the instance's own namespace, as its administrator. */
export const administratorVariables = (
  environment: ReachableServer & { readonly release: Release; readonly auth: Auth },
): Variable[] => [
  { name: 'MLFLOW_TRACKING_URI', value: trackingUri(environment) },
  ...serverCaVariables(environment.service),
  ...administratorLogin(environment.auth),
  // By default a client retries for some minutes, which hides the cause.
  { name: 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', value: '3', adjustable: true },
  { name: 'MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR', value: 'false', adjustable: true },
];
