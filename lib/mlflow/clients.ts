import type { ResolvedEnvironment } from './resolved-environment';

/** What a client in the cluster must be told to use the server: variables of MLflow's client, none of them secret. */
export function clientVariables({
  name,
  namespace,
  service,
  server,
  artifacts: { access, s3 },
}: ResolvedEnvironment): Record<string, string> {
  return {
    MLFLOW_TRACKING_URI: `http://${name}.${namespace.name}.svc.cluster.local:${service.port}${server.staticPrefix ?? ''}`,
    // Where artifacts do not go through the server, the client must find the store, with keys of its own.
    ...(access === 'direct' ? { AWS_DEFAULT_REGION: s3.region } : {}),
    ...(access === 'direct' && s3.endpoint ? { MLFLOW_S3_ENDPOINT_URL: s3.endpoint } : {}),
  };
}
