import type { Path } from '../input/issue';

/**
 * Keys of this model by the names that users bring with them: from the values of the Helm charts, the custom resource of
 * the operator, options of MLflow, and the Ansible role that this project takes over from. Only names that no key has, and
 * that are not similar to the right one, need a row.
 *
 * @see https://github.com/community-charts/helm-charts/blob/main/charts/mlflow/values.yaml
 * @see https://github.com/bitnami/charts/blob/main/bitnami/mlflow/values.yaml
 * @see https://github.com/mlflow/mlflow/tree/master/charts
 * @see https://github.com/opendatahub-io/mlflow-operator
 */
const NAMES_OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  name: ['nameOverride', 'fullnameOverride', 'releaseName'],
  labels: ['commonLabels', 'extraLabels'],
  annotations: ['commonAnnotations'],
  mlflowVersion: ['version', 'appVersion', 'mlflowRelease'],
  'namespace.name': ['namespaceOverride', 'mlflow_namespace'],
  image: ['mlflow_image'],
  'image.pullSecret': ['imagePullSecret', 'imageCredentials'],
  'image.pullSecrets': ['imagePullSecrets'],
  'image.pullPolicy': ['imagePullPolicy'],
  'image.registry': ['imageRegistry', 'registryMirror', 'mirror'],
  database: [
    'backendStore',
    'backendStoreUri',
    'backend_store_uri',
    'externalDatabase',
    'postgresql',
    'postgres',
    'databaseUri',
  ],
  'database.host': ['mlflow_db_host'],
  'database.port': ['mlflow_db_port'],
  'database.name': ['mlflow_db_name'],
  'database.authName': ['mlflow_authdb_name', 'authDatabase'],
  'database.migration': ['databaseMigration', 'upgradeDB', 'upgradeDb', 'initDB'],
  'database.timeout': ['databaseConnectionCheck', 'waitForDatabase'],
  'database.tls.ca': ['caBundleConfigMap'],
  artifacts: [
    'artifactRoot',
    'artifactStore',
    'artifactsDestination',
    'defaultArtifactRoot',
    'default_artifact_root',
    'artifacts_destination',
    'storageBackend',
  ],
  'artifacts.access': ['proxiedArtifactStorage', 'serveArtifacts', 'serve_artifacts'],
  'artifacts.azure': ['azureBlob', 'azureStorage', 'azureBlobStorage', 'externalAzureStorage', 'wasbs'],
  'artifacts.azure.account': ['storageAccount', 'accountName'],
  'artifacts.azure.identity': ['azureWorkloadIdentity', 'managedIdentity'],
  'artifacts.gcs': ['google', 'googleCloudStorage', 'googleStorage'],
  'artifacts.gcs.identity': ['gcpServiceAccount'],
  'artifacts.s3': ['externalS3', 'aws'],
  'artifacts.s3.bucket': ['mlflow_s3_bucket'],
  'artifacts.s3.endpoint': ['mlflow_s3_endpoint', 'endpointUrl', 'MLFLOW_S3_ENDPOINT_URL'],
  'artifacts.s3.identity': ['iamRole', 'iamRoleArn'],
  'artifacts.volume': ['filesystem', 'localStorage', 'artifactVolume', 'persistence', 'pvc', 'persistentVolumeClaim'],
  'artifacts.volume.name': ['existingClaim', 'claimName'],
  'artifacts.embedded': ['minio', 'seaweedfs'],
  auth: ['basicAuth', 'authentication', 'adminUsername', 'adminPassword', 'existingAdminSecret'],
  'auth.oidc': ['oidcAuth', 'oauth', 'oauth2', 'oauth2Proxy', 'sso', 'singleSignOn', 'keycloak'],
  'auth.app': ['appName', 'authApp', 'authenticationApp', 'mlflowOidcAuth'],
  'server.replicas': ['replicaCount', 'podReplicas'],
  'server.autoscaling': ['hpa', 'horizontalPodAutoscaler'],
  'server.autoscaling.cpuUtilization': ['targetCPUUtilizationPercentage', 'targetCPU'],
  'server.autoscaling.memoryUtilization': ['targetMemoryUtilizationPercentage', 'targetMemory'],
  'server.env': ['extraEnv', 'extraEnvVars', 'environment', 'envVars'],
  'server.envFrom': ['extraSecretNamesForEnvFrom', 'extraEnvVarsSecret', 'extraEnvVarsCM', 'extraEnvFrom'],
  'server.sidecars': ['extraContainers', 'containers'],
  'server.initContainers': ['extraInitContainers'],
  'server.volumes': ['extraVolumes'],
  'server.volumeMounts': ['extraVolumeMounts'],
  'server.serviceAccount': ['serviceAccountName', 'serviceAccountAnnotations'],
  'server.podLabels': ['extraPodLabels'],
  'server.podAnnotations': ['extraPodAnnotations'],
  'server.options': ['extraArgs', 'extraFlags', 'args', 'value_options', 'flag_options'],
  'server.options.uvicorn-opts': ['uvicornOpts', 'uvicorn_opts'],
  'server.options.gunicorn-opts': ['gunicornOpts', 'gunicorn_opts'],
  'server.resources': ['resourcesPreset'],
  'server.resources.requests.memory': ['mlflow_memory_request'],
  'server.resources.limits.memory': ['mlflow_memory_limit'],
  'server.resources.requests.cpu': ['mlflow_cpu_request'],
  'server.resources.limits.cpu': ['mlflow_cpu_limit'],
  'server.rollout': ['strategy', 'updateStrategy', 'deploymentStrategy'],
  'server.gracePeriod': ['terminationGracePeriodSeconds'],
  'server.allowedHosts': ['serverAllowedHosts', 'allowed_hosts'],
  'server.corsAllowedOrigins': ['extraAllowedOrigins', 'cors', 'cors_allowed_origins'],
  'server.logLevel': ['log', 'logging'],
  'service.port': ['containerPort', 'containerPorts'],
  'service.nodePort': ['mlflow_nodeport', 'nodePorts'],
  'service.loadBalancerIP': ['mlflow_loadbalancer_ip'],
  'service.tls': ['https', 'ssl', 'certificates', 'certManager'],
  'service.sourceRanges': ['loadBalancerSourceRanges'],
  'storage.data': ['persistence', 'pvc', 'volumeClaim'],
  'storage.data.name': ['mlflow_pvc_name', 'existingClaim'],
  'storage.data.size': ['mlflow_storage_size'],
  'storage.data.storageClass': ['storage_class_name', 'storageClassName'],
  'availability.antiAffinity': ['podAffinityPreset', 'podAntiAffinityPreset'],
  'availability.topologySpread': ['topologySpreadConstraints'],
  'availability.disruptionBudget': ['pdb', 'podDisruptionBudget'],
  'secrets.external': ['externalSecrets', 'externalSecret'],
  'secrets.sealed': ['sealedSecrets', 'sealedSecret'],
  monitoring: ['prometheus', 'observability'],
  'monitoring.rules': ['prometheusRule', 'prometheusRules', 'alerts'],
  ingress: ['ingresses'],
  'ingress.host': ['hostname', 'hosts', 'ingressHost'],
  'ingress.additionalHosts': ['extraHosts'],
  'ingress.path': ['pathType', 'extraPaths'],
  'ingress.className': ['ingressClassName', 'ingressClass'],
  'ingress.tls': ['extraTls', 'selfSigned'],
  'ingress.tls.issuer': ['clusterIssuer'],
  'gateway.host': ['hostnames'],
  'gateway.controller': ['gatewayClassName', 'gatewayClass'],
  'route.tls.enabled': ['termination'],
  gateway: ['httpRoute', 'httproute', 'gatewayAPI', 'gatewayApi'],
  'networkPolicy.clients': ['allowExternal', 'ingressNSMatchLabels'],
  garbageCollection: ['gc', 'cleanup'],
  patches: [
    'affinity',
    'nodeAffinityPreset',
    'livenessProbe',
    'readinessProbe',
    'startupProbe',
    'customLivenessProbe',
    'customReadinessProbe',
    'customStartupProbe',
    'lifecycleHooks',
    'securityContext',
    'podSecurityContext',
    'containerSecurityContext',
    'hostAliases',
    'dnsPolicy',
    'dnsConfig',
    'schedulerName',
    'runtimeClassName',
    'revisionHistoryLimit',
  ],
};

const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES_OF_OTHERS).flatMap(([key, names]) => names.map((name) => [name, key] as const)),
);

/** The sections of what other tools deploy and nothing else. */
export const OF_SERVER: readonly string[] = ['server', 'service'];

/** Whether users of other tools write what they know at a path: at the top, or in such a section. */
export const isWhereOthersWrite = (path: Path): boolean =>
  path.length === 0 || (path.length === 1 && OF_SERVER.includes(String(path[0])));

/** The key, as users write its path, that other tools call by a name; undefined if the name is none of theirs. */
export const keyOfOthers = (name: string): string | undefined => KEYS.get(name);

/** Every name of other tools, with the key that means the same. */
export const namesOfOthers = (): readonly (readonly [name: string, key: string])[] => [...KEYS];
