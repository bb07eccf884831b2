import type { Release } from '../../mlflow/releases';
import type { Artifacts } from '../artifacts/resolve';
import { artifactStore } from '../artifacts/stores';
import { type ReachableServer, trackingUri } from '../service/hosts';

/** What a client in the cluster needs to use the server: variables of MLflow's client, none of them secret. */
export function clientVariables(
  environment: ReachableServer & { readonly release: Release; readonly artifacts: Artifacts },
): Record<string, string> {
  const { artifacts } = environment;
  return {
    MLFLOW_TRACKING_URI: trackingUri(environment),
    // If artifacts do not pass through the server, the client needs the address of the store, and its own keys.
    ...(artifacts.access === 'direct' ? artifactStore(artifacts).clientVariables : {}),
  };
}
