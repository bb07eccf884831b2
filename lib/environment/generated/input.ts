// Generated from the model in lib/environment/model.ts: run `npm run generate`.

/** An environment. */
export interface EnvironmentInput {
  /** Environment file that this one extends, relative to this file and in the git repository of the environments or, without one, in the folder above theirs. Maps are merged; all other values replace those of the base, and `null` removes one. */
  extends?: string;
  /**
   * Name of the instance. The names of its objects start with it.
   *
   * @default `mlflow`
   */
  name?: string;
  /** The namespace of the instance. */
  namespace?: NamespaceInput;
  /**
   * Domain of the cluster, in which Services have the names `NAME.NAMESPACE.svc.DOMAIN`. Clients are given such a name of the server.
   *
   * @default `cluster.local`
   */
  clusterDomain?: string;
  /** The container image of the server. */
  image?: ImageInput;
  /**
   * MLflow release in the image, for example `3.1.0`.
   *
   * @default the release in `image.tag` (`3.1.0-4`, `v3.18.0-full`)
   */
  mlflowVersion?: string;
  /** The tracking server. */
  server?: ServerInput;
  /** PostgreSQL, which stores runs, models and users. */
  database?: DatabaseInput;
  /** Where artifacts (models and files) are stored. */
  artifacts?: ArtifactsInput;
  /** Who may use the server. */
  auth?: AuthInput;
  /** Where Secrets come from. */
  secrets?: SecretsInput;
  /**
   * Namespaces that use MLflow, for example of JupyterHub or Argo Workflows. Each gets the tracking URI and, if it names a user, a login.
   *
   * @default `[]`
   */
  clients?: readonly ClientInput[];
  /** How clients reach the server. */
  service?: ServiceInput;
  /** An Ingress to the server, for an ingress controller in the cluster or a load balancer of the cloud. */
  ingress?: IngressInput;
  /** An HTTPRoute to the server, at a Gateway that exists already. */
  gateway?: GatewayInput;
  /** A Route to the server, on OpenShift. */
  route?: RouteInput;
  /** Which connections are allowed. */
  networkPolicy?: NetworkPolicyInput;
  /** Volumes besides those of embedded stores. */
  storage?: StorageInput;
  /** Scheduled backups of both databases and, if you want, of the artifacts. Restores use the same settings. */
  backup?: BackupInput;
  /** A CronJob that permanently removes deleted runs, experiments and logged models, with their artifacts. `garbageCollection: {}` uses all defaults. If unset, deleted data is kept. */
  garbageCollection?: GarbageCollectionInput;
  /** A test of the running server as a client sees it, from the login to a registered model. */
  smokeTest?: SmokeTestInput;
  /** How the server stays available while nodes are drained or fail. */
  availability?: AvailabilityInput;
  /** Metrics, alerts and a dashboard. */
  monitoring?: MonitoringInput;
  /**
   * Labels of every object. They cannot change the `app.kubernetes.io/` labels that every object has.
   *
   * @default `{}`
   */
  labels?: Record<string, string>;
  /**
   * Annotations of every object.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
  /**
   * Risks that you accept. Settings that open more than they say are issues or warnings unless their risk is here. Issues: `no-login` (clients outside the cluster need no login, or requests are answered whatever the permission), `plain-secrets` (a password, key or token is readable in the manifests), `foreign-code` (a variable or an option makes the programs of the pods run code from elsewhere). Warnings: `open-network` (more addresses or pods can connect than the environment needs), `plain-connections` (a connection outside the cluster is not encrypted, or the server at its end is not verified), `weak-server` (MLflow refuses less than by default: foreign websites, requests to internal addresses, jobs of users), `weak-pods` (a pod is less protected than those of synth, or its image can change between pulls), `exposed-backups` (what destroys or reads the data can destroy or read the backups too), `early-deletion` (deleted data can be restored for less than a day, or is in no backup a day later), `verbose-logs` (logs contain values of users).
   *
   * @default `[]`
   */
  allow?: readonly ('no-login' | 'plain-secrets' | 'foreign-code' | 'open-network' | 'plain-connections' | 'weak-server' | 'weak-pods' | 'exposed-backups' | 'early-deletion' | 'verbose-logs')[];
  /**
   * JSON patches for settings that have no key. A patch that matches no object is an error. The result is checked: fields, types, enumerations and ranges of Kubernetes, names, references, selectors, ports and Pod Security. An API server checks more, so try a patch with `kubectl apply --dry-run=server`. A patch may remove what only makes the instance safer, such as probes and limits.
   *
   * @default `[]`
   */
  patches?: readonly PatchInput[];
}

/** The namespace of the instance. */
export interface NamespaceInput {
  /**
   * Namespace of all objects.
   *
   * @default `mlflow`
   */
  name?: string;
  /**
   * Whether the output contains the Namespace. Use `false` if it is managed elsewhere.
   *
   * @default `true`
   */
  create?: boolean;
  /**
   * Pod Security level that the namespace enforces. All pods of the instance comply with `restricted`.
   *
   * @default `restricted`
   */
  podSecurity?: 'restricted' | 'baseline' | 'privileged';
}

/** The container image of the server. */
export interface ImageInput {
  /**
   * Registry and repository, without tag: `registry.example.com/mlflow/mlflow`.
   *
   * @default `ghcr.io/mlflow/mlflow`, or `REGISTRY/mlflow/mlflow` with `image.registry`
   */
  repository?: string;
  /**
   * Tag. The MLflow release is read from it, unless `mlflowVersion` is set.
   *
   * @default `v3.18.0-full`, or none if `digest` is set
   */
  tag?: string;
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
  /** Registry, with a path below it, that has copies of the official images: `registry.example.com/mirror`. Every image without a `repository` of its own is read from there, under its name without its host: `ghcr.io/mlflow/mlflow` as `registry.example.com/mirror/mlflow/mlflow`. A `repository`, and the images of `sidecars` and `initContainers`, stay as they are written. `synth --explain images` lists all images. */
  registry?: string;
  /**
   * When a node pulls an image again. Applies to every image of the instance.
   *
   * @default `IfNotPresent`
   */
  pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';
  /** Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry. Every pod of the instance uses it. */
  pullSecret?: string;
  /** In place of `pullSecret`, several of them. The kubelet takes those that fit the registry of an image. */
  pullSecrets?: readonly string[];
}

/** The tracking server. */
export interface ServerInput {
  /**
   * Number of server pods. Any number works, because all state is in the database and the artifact store.
   *
   * @default `1`, or none with `autoscaling`
   */
  replicas?: number;
  /** Scales the number of server pods with their load (HorizontalPodAutoscaler), instead of `replicas`. The cluster needs metrics-server. The first apply scales to one pod, because the manifest no longer contains `replicas`. */
  autoscaling?: ServerAutoscalingInput;
  /**
   * Number of server processes per pod. More than there are CPUs only costs memory.
   *
   * @default the CPU limit rounded up, at most 64
   */
  workers?: number;
  /**
   * Threads per worker with gunicorn (MLflow before 3.3). Newer releases manage their own threads.
   *
   * @default `8`
   */
  threads?: number;
  /** CPU, memory and disk of the server container. The init container `prepare` gets the same. */
  resources?: ServerResourcesInput;
  /**
   * Log level of MLflow.
   *
   * @default `INFO`
   */
  logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
  /**
   * Whether to log every request.
   *
   * @default `false`
   */
  accessLog?: boolean;
  /**
   * Path under which MLflow is served, for a proxy that does not rewrite paths: `/mlflow`.
   *
   * @default the `path` of `ingress`, `gateway` or `route`
   */
  staticPrefix?: string;
  /**
   * Size of `/tmp`, which holds proxied uploads and downloads as whole files during a transfer.
   *
   * @default `2Gi`
   */
  temporaryStorage?: string | number;
  /**
   * Additional host names that requests may use (`mlflow.example.com`, `mlflow.example.com:8080`). Names and addresses of the Service and all private addresses are allowed already. Without a port, any port is allowed. Browsers may use the page at these hosts by http and https: on the port that is named, or on the usual one and those of a LoadBalancer or NodePort. For direct requests to pods with other addresses, use a pattern: `100.64.*`, which allows addresses only. MLflow 3.5 and newer.
   *
   * @default `[]`
   */
  allowedHosts?: readonly string[];
  /**
   * Additional browser origins that may use the API (`https://mlflow.example.com`), in place of those that follow from the same host in `allowedHosts`. Their hosts are allowed, too. The addresses of the Service are allowed already. Requests of other pages that may change something get 403.
   *
   * @default `[]`
   */
  corsAllowedOrigins?: readonly string[];
  /**
   * Largest body of a request, except for the content of artifacts. MLflow holds it in memory. A larger one is answered with 413.
   *
   * @default `32Mi`
   */
  maxRequestBody?: string | number;
  /**
   * Additional options of `mlflow server`, by name without dashes, checked against the release: `secrets-cache-ttl: 120`. `true` adds an option without a value. Options within `uvicorn-opts` and `gunicorn-opts` are checked too.
   *
   * @default `{}`
   */
  options?: Record<string, string | number | boolean>;
  /**
   * Additional environment variables of the programs in MLflow's image, by name: server, `prepare`, garbage collection, smoke test, backup, restore and verification. A secret value is named by the Secret and its key: `HF_TOKEN: { secret: huggingface, key: token }`. With a proxy (`HTTPS_PROXY`), Services of the cluster are added to `NO_PROXY`, and the network policy allows the proxy. Variables that MLflow or its server program reads as an option (`MLFLOW_STATIC_PREFIX`, `WEB_CONCURRENCY`) are refused: use the key for it, or `options`.
   *
   * @default `{}`
   */
  env?: Record<string, string | ServerEnvInput>;
  /**
   * ConfigMaps and Secrets whose keys all become environment variables of the same programs as `env`. synth does not know the keys: restrict who may change these objects, because variables decide what the programs run.
   *
   * @default `[]`
   */
  envFrom?: readonly ServerEnvFromInput[];
  /**
   * Deployment strategy: replace pods one by one, or stop all pods first.
   *
   * @default `RollingUpdate`, or `Recreate` if `storage.data` is mounted and is not `ReadWriteMany`
   */
  rollout?: 'RollingUpdate' | 'Recreate';
  /**
   * How long a pod may take to shut down, in seconds. Running transfers can finish in that time.
   *
   * @default `60`
   */
  gracePeriod?: number;
  /**
   * Labels that a node must have to run a pod of the instance.
   *
   * @default `{}`
   */
  nodeSelector?: Record<string, string>;
  /**
   * Taints that every pod of the instance tolerates.
   *
   * @default `[]`
   */
  tolerations?: readonly ServerTolerationInput[];
  /** PriorityClass of every pod of the instance. */
  priorityClassName?: string;
  /**
   * Labels of the server pods alone. They cannot change the `app.kubernetes.io/` labels of every pod.
   *
   * @default `{}`
   */
  podLabels?: Record<string, string>;
  /**
   * Annotations of the server pods alone.
   *
   * @default `{}`
   */
  podAnnotations?: Record<string, string>;
  /** ServiceAccount of the server pods. They get no token of the cluster. */
  serviceAccount?: ServerServiceAccountInput;
  /**
   * Init containers before `prepare`, in this order. With `restartPolicy: Always` one keeps running beside the server, so that `prepare` can use it already. As in Kubernetes, and checked as a patch is: fields, references, Pod Security, and what it opens (`allow`). What Pod Security `restricted` needs, the pull policy, the protocol of ports and small resources are filled in where they are not written.
   *
   * @default `[]`
   */
  initContainers?: readonly Record<string, unknown>[];
  /**
   * Containers beside the server. As in Kubernetes, and checked as a patch is: fields, references, Pod Security, and what it opens (`allow`). What Pod Security `restricted` needs, the pull policy, the protocol of ports and small resources are filled in where they are not written.
   *
   * @default `[]`
   */
  sidecars?: readonly Record<string, unknown>[];
  /**
   * Volumes of the pods. As in Kubernetes, and checked as a patch is: fields, references, Pod Security, and what it opens (`allow`).
   *
   * @default `[]`
   */
  volumes?: readonly Record<string, unknown>[];
  /**
   * Mounts of such volumes in the server and in `prepare`. As in Kubernetes, and checked as a patch is: fields, references, Pod Security, and what it opens (`allow`).
   *
   * @default `[]`
   */
  volumeMounts?: readonly Record<string, unknown>[];
}

/** Scales the number of server pods with their load (HorizontalPodAutoscaler), instead of `replicas`. The cluster needs metrics-server. The first apply scales to one pod, because the manifest no longer contains `replicas`. */
export interface ServerAutoscalingInput {
  /**
   * Minimum number of server pods.
   *
   * @default `2`
   */
  minReplicas?: number;
  /** Maximum number of server pods. `database.maxConnections` must be high enough for them. */
  maxReplicas: number;
  /**
   * Target average CPU use of the pods, in percent of their CPU request.
   *
   * @default `80`
   */
  cpuUtilization?: number;
  /** Target average memory use of the pods, in percent of their memory request. If unset, memory does not matter: most of it is what a pod has imported, so it says little about the load. If set, the metric that needs more pods decides. */
  memoryUtilization?: number;
  /**
   * How long the load must be lower before pods are removed, in seconds. Then one pod is removed per minute.
   *
   * @default `300`
   */
  scaleDownStabilizationSeconds?: number;
}

/** CPU, memory and disk of the server container. The init container `prepare` gets the same. */
export interface ServerResourcesInput {
  /** Resource requests. */
  requests?: ServerResourcesRequestsInput;
  /** Resource limits. */
  limits?: ServerResourcesLimitsInput;
}

/** Resource requests. */
export interface ServerResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `500m`, or the CPU limit if that is lower
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
  /**
   * Request for local storage of the node.
   *
   * @default the ephemeral-storage limit
   */
  'ephemeral-storage'?: string | number;
}

/** Resource limits. */
export interface ServerResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `2`
   */
  cpu?: string | number;
  /**
   * Memory limit.
   *
   * @default `1536Mi`
   */
  memory?: string | number;
  /**
   * Limit for local storage of the node, which holds logs and `temporaryStorage`.
   *
   * @default `temporaryStorage` and 256Mi (320Mi with metrics), or the request if that is higher
   */
  'ephemeral-storage'?: string | number;
}

/** A variable whose value is in an object. */
export interface ServerEnvInput {
  /** ConfigMap with the value. Set this or `secret`. */
  configMap?: string;
  /** Secret with the value. Set this or `configMap`. */
  secret?: string;
  /** Key of the ConfigMap or Secret. */
  key: string;
}

/** A source of environment variables. */
export interface ServerEnvFromInput {
  /** ConfigMap whose keys become environment variables. Set this or `secret`. */
  configMap?: string;
  /** Secret whose keys become environment variables. Set this or `configMap`. */
  secret?: string;
}

/** A taint that pods tolerate. */
export interface ServerTolerationInput {
  /** Taint key. If unset, with operator `Exists`, every taint matches. */
  key?: string;
  /**
   * How `value` is compared.
   *
   * @default `Equal`
   */
  operator?: 'Equal' | 'Exists';
  /** Taint value. */
  value?: string;
  /** Taint effect. If unset, all effects match. */
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** How long a NoExecute taint is tolerated, in seconds. If unset, without limit. */
  tolerationSeconds?: number;
}

/** ServiceAccount of the server pods. They get no token of the cluster. */
export interface ServerServiceAccountInput {
  /**
   * Whether to create it. If not, the account must exist.
   *
   * @default `true`
   */
  create?: boolean;
  /**
   * Name of the ServiceAccount, which no other component uses.
   *
   * @default `NAME` with `create`, otherwise required
   */
  name?: string;
  /**
   * Annotations of the ServiceAccount, for example to give it a role of a cloud.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** PostgreSQL, which stores runs, models and users. */
export interface DatabaseInput {
  /**
   * Host name or IP address of PostgreSQL, for both databases. Set this or `embedded`.
   *
   * @default `NAME-database` with `embedded`, otherwise required
   */
  host?: string;
  /** A PostgreSQL for this instance alone (one pod with one volume), for clusters without one. `embedded: {}` uses all defaults. */
  embedded?: DatabaseEmbeddedInput;
  /**
   * Port of PostgreSQL.
   *
   * @default `5432`
   */
  port?: number;
  /**
   * Database of experiments, runs and models.
   *
   * @default `mlflow`
   */
  name?: string;
  /**
   * Database of users and permissions. From MLflow 3.6.0 on it may be the same as `name`; separate databases are easier to restore. If you change the name, users are not moved to the new database.
   *
   * @default `mlflow_auth`
   */
  authName?: string;
  /** Username and password. They may contain any character. */
  credentials?: DatabaseCredentialsInput;
  /** TLS to PostgreSQL. */
  tls?: DatabaseTlsInput;
  /**
   * Maximum connections for all pods together, including the extra pods during a rolling update. An embedded PostgreSQL accepts this many.
   *
   * @default `100`
   */
  maxConnections?: number;
  /**
   * Whether to create missing databases. The user needs permission to create them.
   *
   * @default `true` with `embedded`, otherwise `false`
   */
  create?: boolean;
  /**
   * What a starting pod does with the schemas: `auto` creates and upgrades them, `create` only creates them, `check` changes nothing and fails if they do not match the release.
   *
   * @default `auto`
   */
  migration?: 'auto' | 'create' | 'check';
  /**
   * How long a starting pod waits for PostgreSQL, for the lock of another pod and for the bucket, in seconds.
   *
   * @default `300`
   */
  timeout?: number;
}

/** A PostgreSQL for this instance alone (one pod with one volume), for clusters without one. `embedded: {}` uses all defaults. */
export interface DatabaseEmbeddedInput {
  /** Image that contains PostgreSQL: the official one, or a copy of it. */
  image?: DatabaseEmbeddedImageInput;
  /** Volume of the databases. The claim is deleted only by hand or with its namespace. */
  storage?: DatabaseEmbeddedStorageInput;
  /** CPU and memory. */
  resources?: DatabaseEmbeddedResourcesInput;
}

/** Image that contains PostgreSQL: the official one, or a copy of it. */
export interface DatabaseEmbeddedImageInput {
  /**
   * Registry and repository, without tag.
   *
   * @default `docker.io/library/postgres`, or `REGISTRY/library/postgres` with `image.registry`
   */
  repository?: string;
  /**
   * Debian-based tag of PostgreSQL 15 or newer. You can change to a newer minor release; another major release cannot read the data.
   *
   * @default `17.11-trixie`
   */
  tag?: string;
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

/** Volume of the databases. The claim is deleted only by hand or with its namespace. */
export interface DatabaseEmbeddedStorageInput {
  /**
   * Name of the PersistentVolumeClaim.
   *
   * @default `NAME-database`
   */
  name?: string;
  /**
   * Size of the volume. It can grow if the StorageClass allows it, but never shrink.
   *
   * @default `10Gi`
   */
  size?: string | number;
  /** StorageClass. If unset, the default StorageClass of the cluster. */
  storageClass?: string;
}

/** CPU and memory. */
export interface DatabaseEmbeddedResourcesInput {
  /** Resource requests. */
  requests?: DatabaseEmbeddedResourcesRequestsInput;
  /** Resource limits. */
  limits?: DatabaseEmbeddedResourcesLimitsInput;
}

/** Resource requests. */
export interface DatabaseEmbeddedResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `100m`
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
}

/** Resource limits. */
export interface DatabaseEmbeddedResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `1`
   */
  cpu?: string | number;
  /**
   * Memory limit. A quarter of it becomes PostgreSQL's shared buffers.
   *
   * @default `512Mi`
   */
  memory?: string | number;
}

/** Username and password. They may contain any character. */
export interface DatabaseCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-db-credentials`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the username.
   *
   * @default `username`
   */
  usernameKey?: string;
  /**
   * Key of the Secret that contains the password.
   *
   * @default `password`
   */
  passwordKey?: string;
  /** Username, if it is not in the Secret. It cannot contain `$`. `usernameKey` is then not read. */
  username?: string;
}

/** TLS to PostgreSQL. */
export interface DatabaseTlsInput {
  /**
   * `sslmode` of libpq. `prefer` uses TLS if the server supports it; `verify-full` also verifies its certificate and host name.
   *
   * @default `prefer`
   */
  mode?: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** CA certificates of the server, required by `verify-ca`. If unset, `verify-full` trusts the publicly trusted CAs of the image (`/etc/ssl/certs/ca-certificates.crt`), as managed databases with a public certificate need. */
  ca?: DatabaseTlsCaInput;
}

/** CA certificates of the server, required by `verify-ca`. If unset, `verify-full` trusts the publicly trusted CAs of the image (`/etc/ssl/certs/ca-certificates.crt`), as managed databases with a public certificate need. */
export interface DatabaseTlsCaInput {
  /** ConfigMap in the namespace that contains the CA certificates. Set this or `secret`. */
  configMap?: string;
  /** Secret in the namespace that contains the CA certificates. Set this or `configMap`. */
  secret?: string;
  /**
   * Key of the ConfigMap or Secret that contains the PEM file.
   *
   * @default `ca.crt`
   */
  key?: string;
}

/** Where artifacts (models and files) are stored. */
export interface ArtifactsInput {
  /**
   * `proxied`: clients send artifacts through the server, and only the server has credentials of the store. `direct`: clients connect to the store with their own credentials.
   *
   * @default `proxied`
   */
  access?: 'proxied' | 'direct';
  /** A container of Azure Blob Storage, in place of S3. The image needs `azure-storage-blob`, and `azure-identity` with `identity`. */
  azure?: ArtifactsAzureInput;
  /** An S3 store for this instance alone (versitygw, one pod with one volume), for clusters without one. `embedded: {}` uses all defaults. */
  embedded?: ArtifactsEmbeddedInput;
  /** Artifacts in Google Cloud Storage, in place of S3. The image needs the package `google-cloud-storage` ([Google Cloud Storage](google-cloud-storage.md)). */
  gcs?: ArtifactsGcsInput;
  /** The bucket, on AWS or in an S3-compatible store. */
  s3?: ArtifactsS3Input;
  /** Artifacts as files on a volume, without S3. `volume: {}` uses all defaults. Only the server and backups mount it. The claim is deleted only by hand or with its namespace. */
  volume?: ArtifactsVolumeInput;
}

/** A container of Azure Blob Storage, in place of S3. The image needs `azure-storage-blob`, and `azure-identity` with `identity`. */
export interface ArtifactsAzureInput {
  /** Name of the storage account. */
  account: string;
  /** Name of the container. */
  container: string;
  /**
   * Cloud of Azure that has the account, which decides on host names.
   *
   * @default `public`
   */
  cloud?: 'public' | 'china' | 'usgovernment';
  /** Account key or SAS. Not used with `identity`. */
  credentials?: ArtifactsAzureCredentialsInput;
  /** Identity of the pods on Azure, in place of keys: no Secret is read or created then. */
  identity?: ArtifactsAzureIdentityInput;
  /** Folder within the container. If unset, the root of the container. */
  prefix?: string;
  /**
   * Whether to create a missing container. The login needs permission to create it.
   *
   * @default `false`
   */
  createContainer?: boolean;
}

/** Account key or SAS. Not used with `identity`. */
export interface ArtifactsAzureCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-azure-secret`
   */
  secret?: string;
  /**
   * Key of the Secret that contains an account key.
   *
   * @default `AZURE_STORAGE_ACCESS_KEY`, or none with `sasTokenKey`
   */
  accountKeyKey?: string;
  /** Key of the Secret that contains a SAS in place of an account key: the text after the `?` of its URL. */
  sasTokenKey?: string;
}

/** Identity of the pods on Azure, in place of keys: no Secret is read or created then. */
export interface ArtifactsAzureIdentityInput {
  /** Microsoft Entra Workload ID: the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived tokens of a client. */
  workloadIdentity: ArtifactsAzureIdentityWorkloadIdentityInput;
}

/** Microsoft Entra Workload ID: the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived tokens of a client. */
export interface ArtifactsAzureIdentityWorkloadIdentityInput {
  /** Client ID of the managed identity or application. */
  clientId: string;
  /** Tenant of Microsoft Entra ID that has it. */
  tenantId: string;
}

/** An S3 store for this instance alone (versitygw, one pod with one volume), for clusters without one. `embedded: {}` uses all defaults. */
export interface ArtifactsEmbeddedInput {
  /** Image that contains versitygw: the official one, or a copy of it. */
  image?: ArtifactsEmbeddedImageInput;
  /** Volume of the artifacts. Its file system must support extended attributes (ext4 and XFS do, NFS does not). The claim is deleted only by hand or with its namespace. */
  storage?: ArtifactsEmbeddedStorageInput;
  /** CPU and memory. */
  resources?: ArtifactsEmbeddedResourcesInput;
}

/** Image that contains versitygw: the official one, or a copy of it. */
export interface ArtifactsEmbeddedImageInput {
  /**
   * Registry and repository, without tag.
   *
   * @default `docker.io/versity/versitygw`, or `REGISTRY/versity/versitygw` with `image.registry`
   */
  repository?: string;
  /**
   * Tag.
   *
   * @default `v1.7.0`
   */
  tag?: string;
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

/** Volume of the artifacts. Its file system must support extended attributes (ext4 and XFS do, NFS does not). The claim is deleted only by hand or with its namespace. */
export interface ArtifactsEmbeddedStorageInput {
  /**
   * Name of the PersistentVolumeClaim.
   *
   * @default `NAME-object-store`
   */
  name?: string;
  /**
   * Size of the volume. It can grow if the StorageClass allows it, but never shrink.
   *
   * @default `50Gi`
   */
  size?: string | number;
  /** StorageClass. If unset, the default StorageClass of the cluster. */
  storageClass?: string;
}

/** CPU and memory. */
export interface ArtifactsEmbeddedResourcesInput {
  /** Resource requests. */
  requests?: ArtifactsEmbeddedResourcesRequestsInput;
  /** Resource limits. */
  limits?: ArtifactsEmbeddedResourcesLimitsInput;
}

/** Resource requests. */
export interface ArtifactsEmbeddedResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `50m`
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
}

/** Resource limits. */
export interface ArtifactsEmbeddedResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `1`
   */
  cpu?: string | number;
  /**
   * Memory limit.
   *
   * @default `256Mi`
   */
  memory?: string | number;
}

/** Artifacts in Google Cloud Storage, in place of S3. The image needs the package `google-cloud-storage` ([Google Cloud Storage](google-cloud-storage.md)). */
export interface ArtifactsGcsInput {
  /** Name of the bucket. */
  bucket: string;
  /** Folder within the bucket. If unset, the root of the bucket. */
  prefix?: string;
  /** Key file of a service account, which is mounted as a file. Not used with `identity`. */
  credentials?: ArtifactsGcsCredentialsInput;
  /** Identity of the pods on GKE, in place of a key file: no Secret is read or created then. */
  identity?: ArtifactsGcsIdentityInput;
  /** URL of the API, such as that of Private Service Connect. If unset, `https://storage.googleapis.com`. */
  endpoint?: string;
  /** ID of the Google Cloud project, which a new bucket belongs to. If unset, that of the key file or of the cluster. */
  project?: string;
  /**
   * Whether to create a missing bucket. It needs `project`, or the project of the key file, and permission.
   *
   * @default `false`
   */
  createBucket?: boolean;
}

/** Key file of a service account, which is mounted as a file. Not used with `identity`. */
export interface ArtifactsGcsCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-gcs-key`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the JSON key file of the service account.
   *
   * @default `key.json`
   */
  key?: string;
}

/** Identity of the pods on GKE, in place of a key file: no Secret is read or created then. */
export interface ArtifactsGcsIdentityInput {
  /** Workload Identity Federation for GKE: the metadata server of the node provides short-lived tokens for the ServiceAccount. `workloadIdentity: {}` uses all defaults. */
  workloadIdentity: ArtifactsGcsIdentityWorkloadIdentityInput;
}

/** Workload Identity Federation for GKE: the metadata server of the node provides short-lived tokens for the ServiceAccount. `workloadIdentity: {}` uses all defaults. */
export interface ArtifactsGcsIdentityWorkloadIdentityInput {
  /** Service account of Google Cloud that the ServiceAccount acts as. If unset, the ServiceAccount itself has the roles (`principal://…`). */
  serviceAccount?: string;
}

/** The bucket, on AWS or in an S3-compatible store. */
export interface ArtifactsS3Input {
  /**
   * Name of the bucket.
   *
   * @default `mlflow-artifacts` with `embedded`, otherwise required
   */
  bucket?: string;
  /** Folder within the bucket. If unset, the root of the bucket. */
  prefix?: string;
  /**
   * URL of an S3-compatible store.
   *
   * @default `http://NAME-object-store:7070` with `embedded`, otherwise AWS
   */
  endpoint?: string;
  /**
   * Region. Most compatible stores accept the default.
   *
   * @default `us-east-1`
   */
  region?: string;
  /**
   * Where the bucket appears in a URL: `path` if all buckets share a host name, `virtual` if each bucket has its own.
   *
   * @default `auto`
   */
  addressingStyle?: 'auto' | 'path' | 'virtual';
  /** Access key of the bucket. Not used with `identity`. */
  credentials?: ArtifactsS3CredentialsInput;
  /** Identity of the pods on AWS or in a compatible store, in place of keys: no Secret is read or created then. */
  identity?: ArtifactsS3IdentityInput;
  /** TLS to an https endpoint. */
  tls?: ArtifactsS3TlsInput;
  /**
   * Whether to create a missing bucket. The access key needs permission to create it.
   *
   * @default `true` with `embedded`, otherwise `false`
   */
  createBucket?: boolean;
}

/** Access key of the bucket. Not used with `identity`. */
export interface ArtifactsS3CredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-s3-secret`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the access key ID.
   *
   * @default `AWS_ACCESS_KEY_ID`
   */
  accessKeyIdKey?: string;
  /**
   * Key of the Secret that contains the secret access key.
   *
   * @default `AWS_SECRET_ACCESS_KEY`
   */
  secretAccessKeyKey?: string;
}

/** Identity of the pods on AWS or in a compatible store, in place of keys: no Secret is read or created then. */
export interface ArtifactsS3IdentityInput {
  /** IAM role for the ServiceAccount (IRSA): the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived keys of a role. */
  irsa?: ArtifactsS3IdentityIrsaInput;
  /**
   * Whether to use EKS Pod Identity: the agent on the node provides short-lived keys of the role that an association of the cluster gives the ServiceAccount.
   *
   * @default `false`
   */
  podIdentity?: boolean;
}

/** IAM role for the ServiceAccount (IRSA): the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived keys of a role. */
export interface ArtifactsS3IdentityIrsaInput {
  /** ARN of the IAM role, whose trust policy names the ServiceAccount. */
  roleArn: string;
  /**
   * Audience of the token: that of the identity provider in IAM.
   *
   * @default `sts.amazonaws.com`
   */
  audience?: string;
  /** URL of the STS of an S3-compatible store, such as MinIO or Ceph. If unset, that of AWS in `region`. */
  stsEndpoint?: string;
}

/** TLS to an https endpoint. */
export interface ArtifactsS3TlsInput {
  /** CA certificates of the endpoint, required if no publicly trusted CA signs its certificate. */
  ca?: ArtifactsS3TlsCaInput;
}

/** CA certificates of the endpoint, required if no publicly trusted CA signs its certificate. */
export interface ArtifactsS3TlsCaInput {
  /** ConfigMap in the namespace that contains the CA certificates. Set this or `secret`. */
  configMap?: string;
  /** Secret in the namespace that contains the CA certificates. Set this or `configMap`. */
  secret?: string;
  /**
   * Key of the ConfigMap or Secret that contains the PEM file.
   *
   * @default `ca.crt`
   */
  key?: string;
}

/** Artifacts as files on a volume, without S3. `volume: {}` uses all defaults. Only the server and backups mount it. The claim is deleted only by hand or with its namespace. */
export interface ArtifactsVolumeInput {
  /**
   * Name of the PersistentVolumeClaim.
   *
   * @default `NAME-artifacts`
   */
  name?: string;
  /**
   * Whether to create the claim. Use `false` for a claim that exists.
   *
   * @default `true`
   */
  create?: boolean;
  /**
   * Size of the volume. It can grow if the StorageClass allows it, but never shrink.
   *
   * @default `50Gi`
   */
  size?: string | number;
  /** StorageClass. If unset, the default StorageClass of the cluster. */
  storageClass?: string;
  /**
   * Access mode of the claim: `ReadWriteMany` for several replicas; with another one there is one replica, and a new pod starts after the old one has ended.
   *
   * @default `ReadWriteOnce`
   */
  accessMode?: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
  /**
   * Folder in the volume, for this instance alone. It is created if it is missing.
   *
   * @default `artifacts`
   */
  prefix?: string;
}

/** Who may use the server. */
export interface AuthInput {
  /**
   * Whether clients must log in, by MLflow's basic-auth app if `app` names no other.
   *
   * @default `true`
   */
  enabled?: boolean;
  /**
   * Secret in the namespace with the username and password of the administrator, the key that signs sessions, and the keys that encrypt what is in the database. Without authentication, only the last.
   *
   * @default `NAME-basic-auth`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the username of the administrator.
   *
   * @default `MLFLOW_TRACKING_USERNAME`
   */
  usernameKey?: string;
  /**
   * Key of the Secret that contains the password of the administrator, at least 12 characters. A new password takes effect when a pod starts.
   *
   * @default `MLFLOW_TRACKING_PASSWORD`
   */
  passwordKey?: string;
  /**
   * Key of the Secret that contains the key that signs sessions: any long random text.
   *
   * @default `MLFLOW_FLASK_SERVER_SECRET_KEY`
   */
  flaskSecretKeyKey?: string;
  /**
   * Key of the Secret that contains the key that encrypts the secrets of webhooks in the database: 32 random bytes as URL-safe base64 (MLflow 3.3 and newer). Pods start without it, but then a webhook with a secret makes all webhooks unreadable for other pods and after a restart.
   *
   * @default `MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY`
   */
  webhookEncryptionKeyKey?: string;
  /**
   * Key of the Secret that contains the passphrase that encrypts the API keys of the gateway in the database: any long random text (MLflow 3.8 and newer). Without it MLflow uses a public one. See Encryption keys in `docs/secrets.md` before you add it to a running instance.
   *
   * @default `MLFLOW_CRYPTO_KEK_PASSPHRASE`
   */
  gatewayPassphraseKey?: string;
  /**
   * Permission on experiments and models for which a user has no permission of their own.
   *
   * @default `READ`
   */
  defaultPermission?: 'READ' | 'EDIT' | 'MANAGE' | 'NO_PERMISSIONS';
  /**
   * Users besides the administrator. Missing users are created when a pod starts. A user that you remove from the list still exists in MLflow, and the log of the pod names it.
   *
   * @default `[]`
   */
  users?: readonly AuthUserInput[];
  /**
   * How long a successful login is cached, in seconds. A changed password, a deleted user or a demoted administrator stays valid for up to that long. `0` turns the cache off, which costs more than 90 % of the throughput.
   *
   * @default `60`
   */
  cacheSeconds?: number;
  /** Single sign-on by OpenID Connect: oauth2-proxy beside the server, through which all clients come. People log in at the provider and arrive in MLflow as themselves; programs use a login of MLflow as before, or a token. Needs Kubernetes 1.29 or newer. */
  oidc?: AuthOidcInput;
  /** An authentication app that the image brings, in place of MLflow's basic-auth: it asks for logins and decides who may do what, instead of MLflow and of the start program. MLflow 3.3 and newer. */
  app?: AuthAppInput;
}

/** A user besides the administrator. */
export interface AuthUserInput {
  /** Username. */
  name: string;
  /** Permission on every experiment and registered model. Users can always manage what they create themselves. */
  permission: 'READ' | 'EDIT' | 'MANAGE' | 'NO_PERMISSIONS';
  /**
   * Secret in the namespace with the username and password of the user.
   *
   * @default `NAME-user-USER`, where `USER` is the name of the user
   */
  secret?: string;
  /**
   * Key of the Secret that contains the username of the user.
   *
   * @default `MLFLOW_TRACKING_USERNAME`
   */
  usernameKey?: string;
  /**
   * Key of the Secret that contains the password of the user, at least 12 characters. A new password takes effect when a pod starts.
   *
   * @default `MLFLOW_TRACKING_PASSWORD`
   */
  passwordKey?: string;
}

/** Single sign-on by OpenID Connect: oauth2-proxy beside the server, through which all clients come. People log in at the provider and arrive in MLflow as themselves; programs use a login of MLflow as before, or a token. Needs Kubernetes 1.29 or newer. */
export interface AuthOidcInput {
  /** Issuer of the provider, exactly as its `/.well-known/openid-configuration` has it, which pods and browsers reach by the same address: `https://sso.example.com/realms/ml`. */
  issuer: string;
  /** ID of the client that is registered at the provider for this instance. */
  clientId: string;
  /**
   * The redirect URI that is registered at the provider: the address at which people open MLflow, with the path, followed by `/oauth2/callback`. With `https`, browsers send cookies over TLS alone.
   *
   * @default the callback at the host of `ingress`, `gateway` or `route`, otherwise required
   */
  redirectUrl?: string;
  /**
   * Secret in the namespace with the secret of the client, which the provider issues.
   *
   * @default `NAME-oidc`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the secret of the client.
   *
   * @default `client-secret`
   */
  clientSecretKey?: string;
  /**
   * Secret in the namespace with what only this instance knows: `cookieSecretKey` and `proxyPasswordKey`.
   *
   * @default `NAME-oauth2-proxy`
   */
  proxySecret?: string;
  /**
   * Key of the Secret `proxySecret` that contains the key that encrypts sessions: 16, 24 or 32 bytes, as they are or as URL-safe base64. A new one logs everybody out.
   *
   * @default `cookie-secret`
   */
  cookieSecretKey?: string;
  /**
   * Key of the Secret `proxySecret` that contains the password by which the server knows its proxy: 16 or more random characters.
   *
   * @default `proxy-password`
   */
  proxyPasswordKey?: string;
  /**
   * Claim that becomes the username in MLflow. It must be unique, and a person must not be able to change it to that of another: `email` (unless the provider says that it is not verified), `sub`, or `preferred_username` where users cannot change it.
   *
   * @default `email`
   */
  usernameClaim?: string;
  /**
   * Usernames of administrators and of `auth.users` under which people may also come by single sign-on. All other such names are refused: a person with the name at the provider would get the permissions.
   *
   * @default `[]`
   */
  sharedNames?: readonly string[];
  /**
   * Domains of email addresses that are let in. If empty, all that the provider lets in.
   *
   * @default `[]`
   */
  emailDomains?: readonly string[];
  /**
   * Groups of which a person must be in one. If empty, groups do not matter.
   *
   * @default `[]`
   */
  allowedGroups?: readonly string[];
  /**
   * Claim with the groups of a person.
   *
   * @default `groups`
   */
  groupsClaim?: string;
  /**
   * Scopes that are requested. Some providers need another one to send groups, such as `groups`.
   *
   * @default `["openid","email","profile"]`
   */
  scopes?: readonly string[];
  /**
   * Whether programs may send an ID token, or an access token in the form of one, of the provider in place of a login (`MLFLOW_TRACKING_TOKEN`). Its audience must be `clientId` or one of `audiences`. The log of the proxy then has a line for each request with a login.
   *
   * @default `false`
   */
  bearerTokens?: boolean;
  /**
   * Further audiences of tokens that are accepted.
   *
   * @default `[]`
   */
  audiences?: readonly string[];
  /** Sessions of browsers. They are in a cookie, so that any pod can read them. */
  session?: AuthOidcSessionInput;
  /** URL of the provider that ends its session too, called by the proxy when a person logs out; `{id_token}` in it is replaced. Keycloak: `ISSUER/protocol/openid-connect/logout?id_token_hint={id_token}`. */
  logoutUrl?: string;
  /** CA certificates of the provider, besides those that are publicly trusted. */
  ca?: AuthOidcCaInput;
  /** Image that contains oauth2-proxy: the official one, or a copy of it. */
  image?: AuthOidcImageInput;
  /** CPU and memory. */
  resources?: AuthOidcResourcesInput;
}

/** Sessions of browsers. They are in a cookie, so that any pod can read them. */
export interface AuthOidcSessionInput {
  /**
   * How long a session lasts: a duration such as `12h`. Then the provider is asked again.
   *
   * @default `12h`
   */
  expiry?: string;
  /** How often the provider is asked within a session whether it still stands, with the refresh token that it issued. If unset, never: a person who is locked out at the provider keeps a session until it expires. */
  refresh?: string;
}

/** CA certificates of the provider, besides those that are publicly trusted. */
export interface AuthOidcCaInput {
  /** ConfigMap in the namespace that contains the CA certificates. Set this or `secret`. */
  configMap?: string;
  /** Secret in the namespace that contains the CA certificates. Set this or `configMap`. */
  secret?: string;
  /**
   * Key of the ConfigMap or Secret that contains the PEM file.
   *
   * @default `ca.crt`
   */
  key?: string;
}

/** Image that contains oauth2-proxy: the official one, or a copy of it. */
export interface AuthOidcImageInput {
  /**
   * Registry and repository, without tag.
   *
   * @default `quay.io/oauth2-proxy/oauth2-proxy`, or `REGISTRY/oauth2-proxy/oauth2-proxy` with `image.registry`
   */
  repository?: string;
  /**
   * Tag.
   *
   * @default `v7.15.6`
   */
  tag?: string;
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

/** CPU and memory. */
export interface AuthOidcResourcesInput {
  /** Resource requests. */
  requests?: AuthOidcResourcesRequestsInput;
  /** Resource limits. */
  limits?: AuthOidcResourcesLimitsInput;
}

/** Resource requests. */
export interface AuthOidcResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `20m`
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
}

/** Resource limits. */
export interface AuthOidcResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `1`
   */
  cpu?: string | number;
  /**
   * Memory limit.
   *
   * @default `256Mi`
   */
  memory?: string | number;
}

/** An authentication app that the image brings, in place of MLflow's basic-auth: it asks for logins and decides who may do what, instead of MLflow and of the start program. MLflow 3.3 and newer. */
export interface AuthAppInput {
  /** Name of the app, as its package registers it as an entry point `mlflow.app`: `oidc-auth`. */
  name: string;
  /**
   * Environment variables of the server, for the app: its settings, in the form of `server.env`. A secret value is named by the Secret and its key: `OIDC_CLIENT_SECRET: { secret: mlflow-oidc, key: client-secret }`. No other program gets them. The network policy allows the URLs in them.
   *
   * @default `{}`
   */
  env?: Record<string, string | AuthAppEnvInput>;
  /** A database of the app, which `prepare` waits for and creates as `database.create` says. */
  database?: AuthAppDatabaseInput;
  /** Login of an administrator of the app, for garbage collection and the smoke test, which send it as HTTP basic authentication. You create it in the app. */
  login?: AuthAppLoginInput;
}

/** A variable whose value is in an object. */
export interface AuthAppEnvInput {
  /** ConfigMap with the value. Set this or `secret`. */
  configMap?: string;
  /** Secret with the value. Set this or `configMap`. */
  secret?: string;
  /** Key of the ConfigMap or Secret. */
  key: string;
}

/** A database of the app, which `prepare` waits for and creates as `database.create` says. */
export interface AuthAppDatabaseInput {
  /** Variable in which the app reads the URI of its database: `OIDC_USERS_DB_URI`. It gets one without a password: the app connects as MLflow does, by the PostgreSQL of `database` and its credentials. */
  variable: string;
  /**
   * Database of the app, beside those of MLflow. The app creates its tables.
   *
   * @default `mlflow_auth_app`
   */
  name?: string;
}

/** Login of an administrator of the app, for garbage collection and the smoke test, which send it as HTTP basic authentication. You create it in the app. */
export interface AuthAppLoginInput {
  /** Secret in the namespace. */
  secret: string;
  /**
   * Key of the Secret that contains the username.
   *
   * @default `username`
   */
  usernameKey?: string;
  /**
   * Key of the Secret that contains the password or token.
   *
   * @default `password`
   */
  passwordKey?: string;
}

/** Where Secrets come from. */
export interface SecretsInput {
  /**
   * What creates the Secrets that the other sections name. Names and keys are the same for all providers. `existing`: you or another tool, before or after the apply; pods wait for them. `generated`: Jobs in the cluster create each missing Secret with random values, if nothing outside has to know them (logins and the credentials of embedded stores). `sealed`: the Sealed Secrets controller, from `sealed-secrets.yaml` beside the environment file, or the prop `sealedSecrets` of a chart. `external`: the External Secrets operator, from a store such as Vault.
   *
   * @default `existing`
   */
  provider?: 'existing' | 'generated' | 'sealed' | 'external';
  /**
   * By name of a Secret in the namespace of the instance: what creates it, if not `provider`; for example `{mlflow-pg-app: {provider: existing}}` for the Secret of a database operator. Copies for clients have the same provider.
   *
   * @default `{}`
   */
  overrides?: Record<string, SecretsOverrideInput>;
  /** How values are sealed, with the provider `sealed`. */
  sealed?: SecretsSealedInput;
  /** Where the values are, with the provider `external`. */
  external?: SecretsExternalInput;
}

/** What is different for one Secret. */
export interface SecretsOverrideInput {
  /** What creates this Secret and its copies: one of the values of `secrets.provider`. */
  provider: 'existing' | 'generated' | 'sealed' | 'external';
}

/** How values are sealed, with the provider `sealed`. */
export interface SecretsSealedInput {
  /**
   * File with the controller's certificate in PEM format, in the folder of this file. It may contain several: `seal` uses the first, and values that were sealed with the others are accepted.
   *
   * @default `sealing-certificate.pem`
   */
  certificate?: string;
  /**
   * Where a sealed value can be unsealed: `strict` in one Secret of one namespace, `namespace-wide` in its namespace, `cluster-wide` anywhere in the cluster.
   *
   * @default `strict`
   */
  scope?: 'strict' | 'namespace-wide' | 'cluster-wide';
}

/** Where the values are, with the provider `external`. */
export interface SecretsExternalInput {
  /** The store that contains the values. */
  store: SecretsExternalStoreInput;
  /**
   * How often the operator reads the store: a duration such as `1h` or `15m`. `0s` reads it once.
   *
   * @default `1h`
   */
  refreshInterval?: string;
  /**
   * Prefix of the name of each secret in the store.
   *
   * @default ``
   */
  prefix?: string;
  /**
   * By name of a Secret in the namespace of the instance: where its values are, if not in a secret called `prefix` and that name, with one property for each key. Copies for clients use the same location.
   *
   * @default `{}`
   */
  remote?: Record<string, SecretsExternalRemoteInput>;
  /**
   * Whether a Secret is deleted with its ExternalSecret (`Owner`), is kept (`Orphan`), or must exist already and only gets the keys (`Merge`).
   *
   * @default `Owner`
   */
  creationPolicy?: 'Owner' | 'Orphan' | 'Merge';
  /**
   * What happens to a Secret whose values disappear from the store: it is kept (`Retain`), it is deleted (`Delete`), or its keys are removed (`Merge`).
   *
   * @default `Retain`
   */
  deletionPolicy?: 'Retain' | 'Delete' | 'Merge';
}

/** The store that contains the values. */
export interface SecretsExternalStoreInput {
  /** Name of the SecretStore or ClusterSecretStore. */
  name: string;
  /**
   * Kind of the store. A SecretStore must exist in each namespace that gets a Secret, including those of `clients`.
   *
   * @default `ClusterSecretStore`
   */
  kind?: 'ClusterSecretStore' | 'SecretStore';
}

/** Where an external store has the values of a Secret. */
export interface SecretsExternalRemoteInput {
  /**
   * The store that contains the values of this Secret.
   *
   * @default `secrets.external.store`
   */
  store?: SecretsExternalRemoteStoreInput;
  /**
   * Name of the secret in the store.
   *
   * @default `prefix`, followed by the name of the Secret
   */
  key?: string;
  /** Version of the secret in the store. If unset, the newest. */
  version?: string;
  /**
   * By key of the Secret: where its value is, if not in a property of the same name.
   *
   * @default `{}`
   */
  keys?: Record<string, SecretsExternalRemoteKeyInput>;
}

/** The store that contains the values of this Secret. */
export interface SecretsExternalRemoteStoreInput {
  /** Name of the SecretStore or ClusterSecretStore. */
  name: string;
  /**
   * Kind of the store. A SecretStore must exist in each namespace that gets a Secret, including those of `clients`.
   *
   * @default `ClusterSecretStore`
   */
  kind?: 'ClusterSecretStore' | 'SecretStore';
}

/** Where an external store has the value of one key. */
export interface SecretsExternalRemoteKeyInput {
  /** Name of the secret in the store. If unset, that of the other keys. */
  key?: string;
  /**
   * Property of the secret in the store. Several stores read a leading dot as a path step.
   *
   * @default the key of the Secret without a leading dot, or the whole value if `key` is set
   */
  property?: string;
  /** Version of the secret in the store. If unset, that of the other keys. */
  version?: string;
}

/** A namespace whose pods use MLflow. */
export interface ClientInput {
  /** Namespace whose pods use MLflow. It must exist. The network policy allows connections from all its pods. */
  namespace: string;
  /** Name of one of `auth.users`, whose login is copied to the namespace. If unset, no login is copied. The administrator's login is never copied. */
  user?: string;
  /**
   * Name of the ConfigMap with MLFLOW_TRACKING_URI that is created in the namespace.
   *
   * @default `NAME-client`
   */
  configMap?: string;
  /**
   * Name of the Secret with MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the namespace. It comes from `secrets.provider`, as all Secrets do.
   *
   * @default `NAME-client`
   */
  secret?: string;
}

/** How clients reach the server. */
export interface ServiceInput {
  /**
   * Type of the Service: reachable in the cluster, also on every node, or also through a load balancer.
   *
   * @default `ClusterIP`
   */
  type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /**
   * Port of the Service.
   *
   * @default `5000`
   */
  port?: number;
  /** Port on every node, for NodePort and LoadBalancer. If unset, Kubernetes chooses one. */
  nodePort?: number;
  /**
   * Addresses of nodes that people open in a browser with `nodePort`. MLflow accepts them as hosts and origins.
   *
   * @default `[]`
   */
  nodeAddresses?: readonly string[];
  /** Address that MetalLB assigns to the Service, for LoadBalancer. */
  loadBalancerIP?: string;
  /**
   * IP families of the Service; its main address is of the first one. If empty, the first family of the cluster. With IPv6 the server listens on it too.
   *
   * @default `[]`
   */
  ipFamilies?: readonly ('IPv4' | 'IPv6')[];
  /**
   * Whether the Service has both IP families: `PreferDualStack` if the cluster has both (then name at most the first one in `ipFamilies`), `RequireDualStack` always.
   *
   * @default `SingleStack` with one of `ipFamilies`, `RequireDualStack` with two, otherwise chosen by the cluster
   */
  ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  /**
   * Address blocks that the load balancer admits. If empty, all addresses.
   *
   * @default `[]`
   */
  sourceRanges?: readonly string[];
  /** `Local` preserves the address of the client and uses only pods on the node that receives the connection. If unset, Kubernetes uses `Cluster`. */
  externalTrafficPolicy?: 'Cluster' | 'Local';
  /**
   * Addresses at which nodes accept connections for the Service, with `port`, for routers that send them there. MLflow accepts them as hosts and origins.
   *
   * @default `[]`
   */
  externalIPs?: readonly string[];
  /** Whether connections of a client go to the same pod. MLflow does not need it. If unset, Kubernetes uses `None`. */
  sessionAffinity?: 'None' | 'ClientIP';
  /** TLS in the pods: the server and its metrics speak HTTPS alone, and use a renewed certificate without a restart. If unset, they speak HTTP. */
  tls?: ServiceTlsInput;
  /**
   * Labels of the Service, which load balancers and operators select by. Its `app.kubernetes.io/` labels stay.
   *
   * @default `{}`
   */
  labels?: Record<string, string>;
  /**
   * Annotations of the Service, for example for a load balancer.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** TLS in the pods: the server and its metrics speak HTTPS alone, and use a renewed certificate without a restart. If unset, they speak HTTP. */
export interface ServiceTlsInput {
  /**
   * Secret of type kubernetes.io/tls in the namespace with the certificate (`tls.crt`, `tls.key`). With `issuer`, cert-manager creates it.
   *
   * @default `NAME-tls` with `issuer`
   */
  secret?: string;
  /** Issuer of cert-manager that signs the certificate and renews it. */
  issuer?: string;
  /**
   * Kind of `issuer`.
   *
   * @default `ClusterIssuer`
   */
  issuerKind?: 'ClusterIssuer' | 'Issuer';
  /**
   * CA certificate by which clients and scrapers in the namespace verify the server. An issuer whose CA is private adds it to the Secret.
   *
   * @default `ca.crt` of `secret`
   */
  ca?: ServiceTlsCaInput;
}

/** CA certificate by which clients and scrapers in the namespace verify the server. An issuer whose CA is private adds it to the Secret. */
export interface ServiceTlsCaInput {
  /** ConfigMap in the namespace that contains the CA certificates. Set this or `secret`. */
  configMap?: string;
  /** Secret in the namespace that contains the CA certificates. Set this or `configMap`. */
  secret?: string;
  /**
   * Key of the ConfigMap or Secret that contains the PEM file.
   *
   * @default `ca.crt`
   */
  key?: string;
}

/** An Ingress to the server, for an ingress controller in the cluster or a load balancer of the cloud. */
export interface IngressInput {
  /** Name of the server for people and programs outside the cluster: `mlflow.example.com`. MLflow accepts it as host and, with the scheme, as origin of its web page. */
  host: string;
  /**
   * Further names of the server, which serve the same.
   *
   * @default `[]`
   */
  additionalHosts?: readonly string[];
  /**
   * Path of the server. It is also the static prefix of MLflow, because paths are not rewritten.
   *
   * @default `server.staticPrefix`, or `/`
   */
  path?: string;
  /** What serves the Ingress: it decides the annotations for large and slow uploads, the class, and whom the network policy admits. `haproxy` is the controller of HAProxy Technologies. With `other`, say these yourself. */
  controller: 'traefik' | 'haproxy' | 'ingress-nginx' | 'aws-alb' | 'gce' | 'other';
  /**
   * IngressClass of the controller.
   *
   * @default the usual one of `controller`, unless the annotation `kubernetes.io/ingress.class` says it; with `other` the cluster's own
   */
  className?: string;
  /** Port that clients name, if it is not the usual one (443, or 80 without TLS), such as a NodePort. */
  port?: number;
  /** TLS between clients and the controller: a Secret, an issuer, or the balancer. If unset, logins are sent in plain text. */
  tls?: IngressTlsInput;
  /** Where the connections of the proxy come from. The network policy allows these. */
  from?: IngressFromInput;
  /**
   * Annotations of the object. They replace ours of the same name.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** TLS between clients and the controller: a Secret, an issuer, or the balancer. If unset, logins are sent in plain text. */
export interface IngressTlsInput {
  /**
   * Secret in the namespace with the certificate (`tls.crt`, `tls.key`). With `issuer`, cert-manager creates it.
   *
   * @default `NAME-ingress-tls` with `issuer`
   */
  secret?: string;
  /** Issuer of cert-manager that signs the certificate and renews it. */
  issuer?: string;
  /**
   * Kind of `issuer`.
   *
   * @default `ClusterIssuer`
   */
  issuerKind?: 'ClusterIssuer' | 'Issuer';
  /**
   * Whether the balancer or the controller has the certificate already: one of AWS Certificate Manager that it finds by the host, or the default certificate of the controller.
   *
   * @default `false`
   */
  atBalancer?: boolean;
}

/** Where the connections of the proxy come from. The network policy allows these. */
export interface IngressFromInput {
  /**
   * Namespace of the pods of the proxy.
   *
   * @default the usual one of `controller`; none if `cidrs` is all that is set
   */
  namespace?: string;
  /**
   * Labels of the pods of the proxy.
   *
   * @default the usual ones of `controller`
   */
  labels?: Record<string, string>;
  /**
   * Address blocks of the proxy, if it is no pod, or a pod in the network of its node: then the addresses of nodes.
   *
   * @default the usual ones of `controller`
   */
  cidrs?: readonly string[];
}

/** An HTTPRoute to the server, at a Gateway that exists already. */
export interface GatewayInput {
  /** Name of the server for people and programs outside the cluster: `mlflow.example.com`. MLflow accepts it as host and, with the scheme, as origin of its web page. */
  host: string;
  /**
   * Further names of the server, which serve the same.
   *
   * @default `[]`
   */
  additionalHosts?: readonly string[];
  /**
   * Path of the server. It is also the static prefix of MLflow, because paths are not rewritten.
   *
   * @default `server.staticPrefix`, or `/`
   */
  path?: string;
  /** The Gateways, which exist already, or some of their listeners. */
  parentRefs: readonly GatewayParentRefInput[];
  /** What runs the Gateway: it decides whom the network policy admits. With `other`, say it in `from`. */
  controller: 'traefik' | 'envoy-gateway' | 'istio' | 'nginx-gateway-fabric' | 'gke' | 'other';
  /**
   * How clients speak to the listeners. The Gateway has the certificate.
   *
   * @default `https`
   */
  scheme?: 'https' | 'http';
  /** Port that clients name, if it is not the usual one (443, or 80 without TLS), such as a NodePort. */
  port?: number;
  /**
   * Time for a whole request, with its upload or download; `0s` is none, and at Google an hour. Traefik and NGINX Gateway Fabric have no such setting in a route.
   *
   * @default `0s`
   */
  timeout?: string;
  /** Where the connections of the proxy come from. The network policy allows these. */
  from?: GatewayFromInput;
  /**
   * Annotations of the object. They replace ours of the same name.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** A Gateway that leads to the server. */
export interface GatewayParentRefInput {
  /** Name of the Gateway. */
  name: string;
  /**
   * Namespace of the Gateway, which must allow routes from this one.
   *
   * @default `namespace.name`
   */
  namespace?: string;
  /** Name of a listener. If unset, all that accept the host. */
  sectionName?: string;
  /** Port of a listener. If unset, any. */
  port?: number;
}

/** Where the connections of the proxy come from. The network policy allows these. */
export interface GatewayFromInput {
  /**
   * Namespace of the pods of the proxy.
   *
   * @default the usual one of `controller`; none if `cidrs` is all that is set
   */
  namespace?: string;
  /**
   * Labels of the pods of the proxy.
   *
   * @default the usual ones of `controller`
   */
  labels?: Record<string, string>;
  /**
   * Address blocks of the proxy, if it is no pod, or a pod in the network of its node: then the addresses of nodes.
   *
   * @default the usual ones of `controller`
   */
  cidrs?: readonly string[];
}

/** A Route to the server, on OpenShift. */
export interface RouteInput {
  /** Name of the server for people and programs outside the cluster: `mlflow.example.com`. MLflow accepts it as host and, with the scheme, as origin of its web page. */
  host: string;
  /**
   * Path of the server. It is also the static prefix of MLflow, because paths are not rewritten.
   *
   * @default `server.staticPrefix`, or `/`
   */
  path?: string;
  /** TLS between clients and the router. */
  tls?: RouteTlsInput;
  /** Port that clients name, if it is not the usual one (443, or 80 without TLS), such as a NodePort. */
  port?: number;
  /** Where the connections of the proxy come from. The network policy allows these. */
  from?: RouteFromInput;
  /**
   * Annotations of the object. They replace ours of the same name.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** TLS between clients and the router. */
export interface RouteTlsInput {
  /**
   * Whether clients speak TLS to the router. Requests without are redirected.
   *
   * @default `true`
   */
  enabled?: boolean;
  /** Secret in the namespace with the certificate (`tls.crt`, `tls.key`), which the account of the router must be allowed to read. If unset, the default certificate of the router. */
  secret?: string;
}

/** Where the connections of the proxy come from. The network policy allows these. */
export interface RouteFromInput {
  /**
   * Namespace of the pods of the proxy.
   *
   * @default the usual one of the router of OpenShift; none if `cidrs` is all that is set
   */
  namespace?: string;
  /**
   * Labels of the pods of the proxy.
   *
   * @default the usual ones of the router of OpenShift
   */
  labels?: Record<string, string>;
  /**
   * Address blocks of the proxy, if it is no pod, or a pod in the network of its node: then the addresses of nodes.
   *
   * @default the usual ones of the router of OpenShift
   */
  cidrs?: readonly string[];
}

/** Which connections are allowed. */
export interface NetworkPolicyInput {
  /**
   * Whether to allow only the connections that the environment needs: ingress from clients, and egress to DNS, the database, S3, and what `server.options` and URLs in variables of the server pods name. An IP address is itself. A Service (`NAME`, `NAME.NAMESPACE.svc`) is all pods of its namespace on any TCP port, because a policy sees the ports of pods, which may differ from those of their Service: `egress` narrows them. For any other host name, its port is open to all addresses except those of metadata services of clouds; `addresses` narrows it. `NAME.NAMESPACE` is both, unless it ends like a domain (`example.com`).
   *
   * @default `true`
   */
  enabled?: boolean;
  /** Who may connect to the server. Pods in the namespace of the instance always may. */
  clients?: NetworkPolicyClientsInput;
  /**
   * What the server, garbage collection, smoke test, backup, restore and verification may connect to besides what the environment names. Ports of a namespace also narrow what it names there: with `{ namespace: minio, ports: [9000] }`, a Service in `minio` is its pods on port 9000 and on the Service's own port.
   *
   * @default `[]`
   */
  egress?: readonly NetworkPolicyEgressInput[];
  /**
   * Address blocks of hosts outside the cluster, by host: `{ db.example.com: [10.20.0.0/16] }`. Every pod that connects to the host may then connect to these addresses alone on its port, instead of to any. For S3 on AWS the host is `s3.REGION.amazonaws.com` (`s3.amazonaws.com` in `us-east-1`), without the name of the bucket.
   *
   * @default `{}`
   */
  addresses?: Record<string, readonly string[]>;
  /**
   * DNS servers of the cluster, which all pods of the instance may connect to. On OpenShift: `[{ namespace: openshift-dns, port: 5353 }]`. The default is most clusters' DNS in `kube-system`, and the address of NodeLocal DNSCache.
   *
   * @default `[{"namespace":"kube-system"},{"cidr":"169.254.20.10/32"}]`
   */
  dns?: readonly NetworkPolicyDnInput[];
}

/** Who may connect to the server. Pods in the namespace of the instance always may. */
export interface NetworkPolicyClientsInput {
  /**
   * Namespaces whose pods may connect.
   *
   * @default `[]`
   */
  namespaces?: readonly string[];
  /**
   * Pods that may connect, by their labels.
   *
   * @default `[]`
   */
  pods?: readonly NetworkPolicyClientsPodInput[];
  /**
   * Address blocks outside the cluster. Unless `service.externalTrafficPolicy` is `Local`, connections can come from the address of a node, so include the nodes. If empty, a NodePort or LoadBalancer Service is open to all addresses that the Service itself admits.
   *
   * @default `[]`
   */
  cidrs?: readonly string[];
}

/** Pods that may connect to the server. */
export interface NetworkPolicyClientsPodInput {
  /** Namespace of the pods. If unset, the namespace of the instance. */
  namespace?: string;
  /** Labels of the pods. */
  labels: Record<string, string>;
}

/** A destination of the server. */
export interface NetworkPolicyEgressInput {
  /** Namespace whose pods the server may connect to. Set this or `cidr`. */
  namespace?: string;
  /** Address block that the server may connect to. Set this or `namespace`. Metadata services of clouds (`169.254.169.254` and others) in it are left out: allow one by a block of its own, such as `169.254.169.254/32`. */
  cidr?: string;
  /**
   * TCP ports. If empty, all ports. A network policy matches the port of the pod, not of the Service.
   *
   * @default `[]`
   */
  ports?: readonly number[];
}

/** A DNS server of the cluster. */
export interface NetworkPolicyDnInput {
  /** Namespace of its pods. Set this or `cidr`. */
  namespace?: string;
  /** Address block of it, for a DNS outside the pod network. Set this or `namespace`. */
  cidr?: string;
  /**
   * Port of its pods, for UDP and TCP. It may differ from that of its Service.
   *
   * @default `53`
   */
  port?: number;
}

/** Volumes besides those of embedded stores. */
export interface StorageInput {
  /** A volume for files around MLflow, such as dumps and plugins. MLflow itself stores nothing on it: its state is in PostgreSQL and S3. `data: {}` uses all defaults. */
  data?: StorageDataInput;
}

/** A volume for files around MLflow, such as dumps and plugins. MLflow itself stores nothing on it: its state is in PostgreSQL and S3. `data: {}` uses all defaults. */
export interface StorageDataInput {
  /**
   * Name of the PersistentVolumeClaim.
   *
   * @default `NAME-data`
   */
  name?: string;
  /**
   * Size of the volume. It can grow if the StorageClass allows it, but never shrink.
   *
   * @default `10Gi`
   */
  size?: string | number;
  /** StorageClass. If unset, the default StorageClass of the cluster. */
  storageClass?: string;
  /**
   * Access mode: mounted by the pods of one node, of many nodes, or by a single pod.
   *
   * @default `ReadWriteOnce`
   */
  accessMode?: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
  /** Where the server mounts the volume. If unset, the claim is created and not mounted. */
  mountPath?: string;
}

/** Scheduled backups of both databases and, if you want, of the artifacts. Restores use the same settings. */
export interface BackupInput {
  /**
   * Schedule as in cron: minute, hour, day of the month, month and day of the week.
   *
   * @default `30 2 * * *`
   */
  schedule?: string;
  /**
   * Time zone of the schedule, for example `Europe/Berlin`.
   *
   * @default `Etc/UTC`
   */
  timeZone?: string;
  /** Where backups are stored. Set one of `azure`, `claim`, `gcs` and `s3`. */
  destination: BackupDestinationInput;
  /**
   * Whether artifacts are backed up too, after the databases. Each artifact is copied once.
   *
   * @default `false`
   */
  artifacts?: boolean;
  /** Which backups are kept. The newest complete backup always is. */
  retention?: BackupRetentionInput;
  /** A CronJob that restores the newest backup into an empty PostgreSQL in its own pod and compares. `verification: {}` uses all defaults. If unset, backups are not verified. */
  verification?: BackupVerificationInput;
  /** Image that contains PostgreSQL's client programs, of the major release of the server or a newer one. */
  image?: BackupImageInput;
  /**
   * Maximum duration of a backup, a restore or a verification, in seconds. A Job that runs longer is terminated.
   *
   * @default `21600`
   */
  timeout?: number;
  /**
   * Temporary storage of the pod for the dumps of one backup, on their way to or from a bucket.
   *
   * @default `5Gi`
   */
  temporaryStorage?: string | number;
  /** CPU and memory of the container that checks, copies and restores. PostgreSQL's programs run beside it with 256Mi. */
  resources?: BackupResourcesInput;
}

/** Where backups are stored. Set one of `azure`, `claim`, `gcs` and `s3`. */
export interface BackupDestinationInput {
  /** An existing container of Azure Blob Storage. The image needs the same packages as with `artifacts.azure`. */
  azure?: BackupDestinationAzureInput;
  /** A volume. `claim: {}` uses all defaults. */
  claim?: BackupDestinationClaimInput;
  /** A bucket on AWS or in an S3-compatible store. */
  s3?: BackupDestinationS3Input;
  /** A bucket of Google Cloud Storage. The image needs the package `google-cloud-storage`. */
  gcs?: BackupDestinationGcsInput;
  /**
   * Folder in the volume, bucket or container, for this instance alone.
   *
   * @default `NAME`
   */
  prefix?: string;
}

/** An existing container of Azure Blob Storage. The image needs the same packages as with `artifacts.azure`. */
export interface BackupDestinationAzureInput {
  /** Name of the storage account. */
  account: string;
  /** Name of the container. */
  container: string;
  /**
   * Cloud of Azure that has the account, which decides on host names.
   *
   * @default `public`
   */
  cloud?: 'public' | 'china' | 'usgovernment';
  /** Account key or SAS. Not used with `identity`. */
  credentials?: BackupDestinationAzureCredentialsInput;
  /** Identity of the pods on Azure, in place of keys: no Secret is read or created then. */
  identity?: BackupDestinationAzureIdentityInput;
}

/** Account key or SAS. Not used with `identity`. */
export interface BackupDestinationAzureCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-backup-azure-secret`
   */
  secret?: string;
  /**
   * Key of the Secret that contains an account key.
   *
   * @default `AZURE_STORAGE_ACCESS_KEY`, or none with `sasTokenKey`
   */
  accountKeyKey?: string;
  /** Key of the Secret that contains a SAS in place of an account key: the text after the `?` of its URL. */
  sasTokenKey?: string;
}

/** Identity of the pods on Azure, in place of keys: no Secret is read or created then. */
export interface BackupDestinationAzureIdentityInput {
  /** Microsoft Entra Workload ID: the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived tokens of a client. */
  workloadIdentity: BackupDestinationAzureIdentityWorkloadIdentityInput;
}

/** Microsoft Entra Workload ID: the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived tokens of a client. */
export interface BackupDestinationAzureIdentityWorkloadIdentityInput {
  /** Client ID of the managed identity or application. */
  clientId: string;
  /** Tenant of Microsoft Entra ID that has it. */
  tenantId: string;
}

/** A volume. `claim: {}` uses all defaults. */
export interface BackupDestinationClaimInput {
  /**
   * Name of the PersistentVolumeClaim.
   *
   * @default `NAME-backup`
   */
  name?: string;
  /**
   * Whether to create the claim. Use `false` for a claim that exists, or that `storage.data` creates.
   *
   * @default `true`
   */
  create?: boolean;
  /**
   * Size of the volume. It must fit the backups that `retention` keeps, and one more. It can grow if the StorageClass allows it, but never shrink.
   *
   * @default `10Gi`
   */
  size?: string | number;
  /** StorageClass. If unset, the default StorageClass of the cluster. */
  storageClass?: string;
  /**
   * Access mode: mounted by the pods of one node, of many nodes, or by a single pod.
   *
   * @default `ReadWriteOnce`
   */
  accessMode?: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
}

/** A bucket on AWS or in an S3-compatible store. */
export interface BackupDestinationS3Input {
  /** Name of an existing bucket. */
  bucket: string;
  /** URL of an S3-compatible store. If unset, AWS. Use another store than that of the artifacts if you have one. */
  endpoint?: string;
  /**
   * Region. Most compatible stores accept the default.
   *
   * @default `us-east-1`
   */
  region?: string;
  /**
   * Where the bucket appears in a URL: `path` if all buckets share a host name, `virtual` if each bucket has its own.
   *
   * @default `auto`
   */
  addressingStyle?: 'auto' | 'path' | 'virtual';
  /** Access key of the bucket. Not used with `identity`. */
  credentials?: BackupDestinationS3CredentialsInput;
  /** Identity of the pods on AWS or in a compatible store, in place of keys: no Secret is read or created then. */
  identity?: BackupDestinationS3IdentityInput;
  /** TLS to an https endpoint. */
  tls?: BackupDestinationS3TlsInput;
  /** Encryption that each upload requests from the store: `AES256` by a key of the store, `aws:kms` by a key of AWS KMS. A backup fails if the store does not confirm it. If unset, what the bucket does by default. */
  serverSideEncryption?: 'AES256' | 'aws:kms';
  /** Key of AWS KMS for `aws:kms`: its ID, ARN or alias. If unset, `aws/s3`, the key of AWS for the account. */
  kmsKeyId?: string;
}

/** Access key of the bucket. Not used with `identity`. */
export interface BackupDestinationS3CredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-backup-s3-secret`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the access key ID.
   *
   * @default `AWS_ACCESS_KEY_ID`
   */
  accessKeyIdKey?: string;
  /**
   * Key of the Secret that contains the secret access key.
   *
   * @default `AWS_SECRET_ACCESS_KEY`
   */
  secretAccessKeyKey?: string;
}

/** Identity of the pods on AWS or in a compatible store, in place of keys: no Secret is read or created then. */
export interface BackupDestinationS3IdentityInput {
  /** IAM role for the ServiceAccount (IRSA): the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived keys of a role. */
  irsa?: BackupDestinationS3IdentityIrsaInput;
  /**
   * Whether to use EKS Pod Identity: the agent on the node provides short-lived keys of the role that an association of the cluster gives the ServiceAccount.
   *
   * @default `false`
   */
  podIdentity?: boolean;
}

/** IAM role for the ServiceAccount (IRSA): the pods exchange a token of their ServiceAccount, which is mounted for this alone, for short-lived keys of a role. */
export interface BackupDestinationS3IdentityIrsaInput {
  /** ARN of the IAM role, whose trust policy names the ServiceAccount. */
  roleArn: string;
  /**
   * Audience of the token: that of the identity provider in IAM.
   *
   * @default `sts.amazonaws.com`
   */
  audience?: string;
  /** URL of the STS of an S3-compatible store, such as MinIO or Ceph. If unset, that of AWS in `region`. */
  stsEndpoint?: string;
}

/** TLS to an https endpoint. */
export interface BackupDestinationS3TlsInput {
  /** CA certificates of the endpoint, required if no publicly trusted CA signs its certificate. */
  ca?: BackupDestinationS3TlsCaInput;
}

/** CA certificates of the endpoint, required if no publicly trusted CA signs its certificate. */
export interface BackupDestinationS3TlsCaInput {
  /** ConfigMap in the namespace that contains the CA certificates. Set this or `secret`. */
  configMap?: string;
  /** Secret in the namespace that contains the CA certificates. Set this or `configMap`. */
  secret?: string;
  /**
   * Key of the ConfigMap or Secret that contains the PEM file.
   *
   * @default `ca.crt`
   */
  key?: string;
}

/** A bucket of Google Cloud Storage. The image needs the package `google-cloud-storage`. */
export interface BackupDestinationGcsInput {
  /** Name of an existing bucket. */
  bucket: string;
  /** Key file of a service account, which is mounted as a file. Not used with `identity`. */
  credentials?: BackupDestinationGcsCredentialsInput;
  /** Identity of the pods on GKE, in place of a key file: no Secret is read or created then. */
  identity?: BackupDestinationGcsIdentityInput;
  /** URL of the API, such as that of Private Service Connect. If unset, `https://storage.googleapis.com`. */
  endpoint?: string;
}

/** Key file of a service account, which is mounted as a file. Not used with `identity`. */
export interface BackupDestinationGcsCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-backup-gcs-key`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the JSON key file of the service account.
   *
   * @default `key.json`
   */
  key?: string;
}

/** Identity of the pods on GKE, in place of a key file: no Secret is read or created then. */
export interface BackupDestinationGcsIdentityInput {
  /** Workload Identity Federation for GKE: the metadata server of the node provides short-lived tokens for the ServiceAccount. `workloadIdentity: {}` uses all defaults. */
  workloadIdentity: BackupDestinationGcsIdentityWorkloadIdentityInput;
}

/** Workload Identity Federation for GKE: the metadata server of the node provides short-lived tokens for the ServiceAccount. `workloadIdentity: {}` uses all defaults. */
export interface BackupDestinationGcsIdentityWorkloadIdentityInput {
  /** Service account of Google Cloud that the ServiceAccount acts as. If unset, the ServiceAccount itself has the roles (`principal://…`). */
  serviceAccount?: string;
}

/** Which backups are kept. The newest complete backup always is. */
export interface BackupRetentionInput {
  /**
   * Maximum number of backups.
   *
   * @default `14`
   */
  count?: number;
  /** Maximum age of a backup, in days. Time without backups does not count: it could be a wrong clock. If unset, age does not matter. */
  days?: number;
}

/** A CronJob that restores the newest backup into an empty PostgreSQL in its own pod and compares. `verification: {}` uses all defaults. If unset, backups are not verified. */
export interface BackupVerificationInput {
  /**
   * Schedule as in cron: minute, hour, day of the month, month and day of the week. Start it after a backup.
   *
   * @default `30 5 * * 0`
   */
  schedule?: string;
  /**
   * Time zone of the schedule, for example `Europe/Berlin`.
   *
   * @default `Etc/UTC`
   */
  timeZone?: string;
  /**
   * Percentage of the artifacts that one run reads and compares with their checksums, another part in each run. With `10`, each artifact is read in one of ten runs; with `0`, none is. That all exist with their sizes is always checked.
   *
   * @default `100`
   */
  artifactPercentage?: number;
  /**
   * Temporary storage of the pod. It must fit both databases and, if backups are in a bucket, the dump of one of them.
   *
   * @default `10Gi`
   */
  temporaryStorage?: string | number;
}

/** Image that contains PostgreSQL's client programs, of the major release of the server or a newer one. */
export interface BackupImageInput {
  /**
   * Registry and repository, without tag.
   *
   * @default `docker.io/library/postgres`, or `REGISTRY/library/postgres` with `image.registry`, or that of `database.embedded` if no key of `image` is set
   */
  repository?: string;
  /**
   * Tag of a Debian-based image.
   *
   * @default `17.11-trixie`, or that of `database.embedded` if no key of `image` is set
   */
  tag?: string;
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

/** CPU and memory of the container that checks, copies and restores. PostgreSQL's programs run beside it with 256Mi. */
export interface BackupResourcesInput {
  /** Resource requests. */
  requests?: BackupResourcesRequestsInput;
  /** Resource limits. */
  limits?: BackupResourcesLimitsInput;
}

/** Resource requests. */
export interface BackupResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `100m`
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
}

/** Resource limits. */
export interface BackupResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `1`
   */
  cpu?: string | number;
  /**
   * Memory limit. A million artifacts take about 1Gi.
   *
   * @default `512Mi`
   */
  memory?: string | number;
}

/** A CronJob that permanently removes deleted runs, experiments and logged models, with their artifacts. `garbageCollection: {}` uses all defaults. If unset, deleted data is kept. */
export interface GarbageCollectionInput {
  /**
   * Schedule as in cron: minute, hour, day of the month, month and day of the week. A run waits until a running backup has finished.
   *
   * @default `30 3 * * *`
   */
  schedule?: string;
  /**
   * Time zone of the schedule, for example `Europe/Berlin`.
   *
   * @default `Etc/UTC`
   */
  timeZone?: string;
  /**
   * Minimum time since deletion, in days, hours, minutes and seconds: `30d`, `12h30m`. Until then clients can restore what they deleted.
   *
   * @default `30d`
   */
  olderThan?: string;
  /**
   * Whether the schedule is suspended. You can still create a Job from the CronJob.
   *
   * @default `false`
   */
  suspend?: boolean;
  /**
   * Maximum duration of a run, in seconds. The next run continues where a terminated one stopped.
   *
   * @default `14400`
   */
  timeLimit?: number;
  /** CPU and memory. */
  resources?: GarbageCollectionResourcesInput;
}

/** CPU and memory. */
export interface GarbageCollectionResourcesInput {
  /** Resource requests. */
  requests?: GarbageCollectionResourcesRequestsInput;
  /** Resource limits. */
  limits?: GarbageCollectionResourcesLimitsInput;
}

/** Resource requests. */
export interface GarbageCollectionResourcesRequestsInput {
  /**
   * CPU request, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `100m`
   */
  cpu?: string | number;
  /**
   * Memory request. When a node runs short of memory, pods that use more than their request are evicted first.
   *
   * @default the memory limit
   */
  memory?: string | number;
}

/** Resource limits. */
export interface GarbageCollectionResourcesLimitsInput {
  /**
   * CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).
   *
   * @default `1`
   */
  cpu?: string | number;
  /**
   * Memory limit. When it removes a run, MLflow before 3.18 loads all recorded metrics of that run.
   *
   * @default `768Mi`
   */
  memory?: string | number;
}

/** A test of the running server as a client sees it, from the login to a registered model. */
export interface SmokeTestInput {
  /**
   * Whether to create a suspended CronJob that you run by hand, for example after a change: `kubectl create job --from=cronjob/mlflow-smoke-test check-1`.
   *
   * @default `false`
   */
  enabled?: boolean;
}

/** How the server stays available while nodes are drained or fail. */
export interface AvailabilityInput {
  /**
   * Whether a PodDisruptionBudget lets node maintenance evict at most one server pod at a time.
   *
   * @default `true` with two or more replicas, otherwise `false`
   */
  disruptionBudget?: boolean;
  /**
   * Whether server pods are spread as evenly as possible over zones and nodes.
   *
   * @default `true` with two or more replicas, otherwise `false`
   */
  topologySpread?: boolean;
  /**
   * Whether server pods avoid sharing a node: if possible, always, or not at all.
   *
   * @default `preferred` with two or more replicas, otherwise `none`
   */
  antiAffinity?: 'preferred' | 'required' | 'none';
}

/** Metrics, alerts and a dashboard. */
export interface MonitoringInput {
  /** Metrics of the server, provided by a small container beside it: `metrics: {}` uses all defaults. The image must contain prometheus-flask-exporter, as the official -full images do. */
  metrics?: MonitoringMetricsInput;
  /** A ServiceMonitor for the Prometheus operator: `serviceMonitor: {}` uses all defaults. */
  serviceMonitor?: MonitoringServiceMonitorInput;
  /** A PrometheusRule with alerts for the Prometheus operator: `rules: {}` uses all defaults. Alerts on series of kube-state-metrics, the kubelet or an exporter of PostgreSQL need these to be scraped. */
  rules?: MonitoringRulesInput;
  /** A Grafana dashboard in a ConfigMap for Grafana's sidecar: `dashboard: {}` uses all defaults. */
  dashboard?: MonitoringDashboardInput;
}

/** Metrics of the server, provided by a small container beside it: `metrics: {}` uses all defaults. The image must contain prometheus-flask-exporter, as the official -full images do. */
export interface MonitoringMetricsInput {
  /** Login of the scraper. It gives access to the metrics only and is not a user of MLflow. */
  credentials?: MonitoringMetricsCredentialsInput;
  /** Which pods the network policy allows to scrape. */
  scraper?: MonitoringMetricsScraperInput;
}

/** Login of the scraper. It gives access to the metrics only and is not a user of MLflow. */
export interface MonitoringMetricsCredentialsInput {
  /**
   * Secret in the namespace.
   *
   * @default `NAME-metrics`
   */
  secret?: string;
  /**
   * Key of the Secret that contains the username.
   *
   * @default `username`
   */
  usernameKey?: string;
  /**
   * Key of the Secret that contains the password. A new password takes effect within about two minutes, without a restart.
   *
   * @default `password`
   */
  passwordKey?: string;
}

/** Which pods the network policy allows to scrape. */
export interface MonitoringMetricsScraperInput {
  /**
   * Namespace of the pods of the scraper.
   *
   * @default `monitoring`
   */
  namespace?: string;
  /**
   * Labels of the pods of the scraper. `{}` matches all pods of the namespace.
   *
   * @default `{"app.kubernetes.io/name":"prometheus"}`
   */
  labels?: Record<string, string>;
}

/** A ServiceMonitor for the Prometheus operator: `serviceMonitor: {}` uses all defaults. */
export interface MonitoringServiceMonitorInput {
  /**
   * Labels by which the operator selects ServiceMonitors. For the kube-prometheus-stack chart: `release: NAME`, with the name of its Helm release.
   *
   * @default `{}`
   */
  labels?: Record<string, string>;
  /**
   * Time between two scrapes, in seconds. The alerts need at least two scrapes in five minutes.
   *
   * @default `30`
   */
  interval?: number;
  /**
   * Timeout of a scrape, in seconds. At most `interval`.
   *
   * @default `10`
   */
  timeout?: number;
}

/** A PrometheusRule with alerts for the Prometheus operator: `rules: {}` uses all defaults. Alerts on series of kube-state-metrics, the kubelet or an exporter of PostgreSQL need these to be scraped. */
export interface MonitoringRulesInput {
  /**
   * Labels by which the operator selects PrometheusRules.
   *
   * @default `{}`
   */
  labels?: Record<string, string>;
  /**
   * Labels of every alert besides `severity`, for the routes of Alertmanager.
   *
   * @default `{}`
   */
  alertLabels?: Record<string, string>;
  /**
   * Base URL of the pages in docs/alerts, to which the alerts link: `https://git.example.com/mlflow/docs/alerts`.
   *
   * @default `docs/alerts`
   */
  runbooks?: string;
  /** When alerts fire. */
  thresholds?: MonitoringRulesThresholdsInput;
}

/** When alerts fire. */
export interface MonitoringRulesThresholdsInput {
  /**
   * Minutes without a response of the server.
   *
   * @default `5`
   */
  downMinutes?: number;
  /**
   * Percentage of requests that fail with a server error (status 5xx).
   *
   * @default `5`
   */
  errorPercent?: number;
  /**
   * 95th percentile of the request duration, in seconds. The server measures durations from 0.05 to 10.
   *
   * @default `5`
   */
  latencySeconds?: number;
  /**
   * Restarts of a container within one hour.
   *
   * @default `3`
   */
  restartsPerHour?: number;
  /**
   * Used space of a volume, in percent.
   *
   * @default `85`
   */
  claimPercent?: number;
  /**
   * Hours since the last complete backup, if there are backups. It must be longer than the longest time between two backups; otherwise synth prints a warning.
   *
   * @default `26`
   */
  backupHours?: number;
  /**
   * Days until the certificate of the pods expires, with `service.tls`. An issuer renews it before; with certificates of a few days use less.
   *
   * @default `7`
   */
  certificateDays?: number;
  /**
   * Hours since a backup was last verified, with `backup.verification`. It must be longer than the longest time between two verifications; otherwise synth prints a warning.
   *
   * @default `200`
   */
  verificationHours?: number;
  /**
   * Open connections, in percent of `database.maxConnections`.
   *
   * @default `80`
   */
  connectionPercent?: number;
}

/** A Grafana dashboard in a ConfigMap for Grafana's sidecar: `dashboard: {}` uses all defaults. */
export interface MonitoringDashboardInput {
  /**
   * Labels by which Grafana's sidecar selects ConfigMaps.
   *
   * @default `{"grafana_dashboard":"1"}`
   */
  labels?: Record<string, string>;
  /**
   * Annotations of the ConfigMap, for example `grafana_folder: MLflow` if the sidecar's `folderAnnotation` has that name.
   *
   * @default `{}`
   */
  annotations?: Record<string, string>;
}

/** A JSON patch of one object. */
export interface PatchInput {
  /** Kind of the object: `Deployment`. */
  kind: string;
  /** Name of the object. */
  name: string;
  /** Operations, applied in order. */
  operations: readonly PatchOperationInput[];
}

/** One operation of a JSON patch. */
export interface PatchOperationInput {
  /** Operation, as in RFC 6902. */
  op: 'add' | 'remove' | 'replace' | 'test';
  /** JSON Pointer to the field: `/spec/template/spec/hostAliases`. */
  path: string;
  /** Value, for `add`, `replace` and `test`. */
  value?: unknown;
}

/** An environment that extends no other, so `database` and `artifacts` are required. */
export interface CompleteEnvironmentInput extends EnvironmentInput {
  /** PostgreSQL, which stores runs, models and users. */
  database: DatabaseInput;
  /** Where artifacts (models and files) are stored. */
  artifacts: ArtifactsInput;
}
