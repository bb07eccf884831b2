// Generated from the model in lib/environment/model.ts: run `npm run generate`.

/** What a person may write: every key that has a default may be left out. */
export interface EnvironmentInput {
  /** Another environment file that this one builds on, relative to this file. Maps merge, all else is replaced. */
  extends?: string;
  /**
   * Name of the instance: of the Deployment, the Service and whatever else is made.
   *
   * @default mlflow
   */
  name?: string;
  /** Where everything is put. */
  namespace?: {
    /**
     * Namespace that everything is put into.
     *
     * @default mlflow
     */
    name?: string;
    /**
     * Whether the Namespace object is part of the output. Turn it off where somebody else makes it.
     *
     * @default true
     */
    create?: boolean;
    /**
     * Pod Security level that the Namespace enforces. All our pods satisfy the strictest.
     *
     * @default restricted
     */
    podSecurity?: 'restricted' | 'baseline' | 'privileged';
  };
  /** The container image of the server. */
  image?: {
    /**
     * Registry and repository, without tag: `192.168.1.210/library/mlflow-postgresql`.
     *
     * @default ghcr.io/mlflow/mlflow
     */
    repository?: string;
    /** Tag. The MLflow release is read from it unless `mlflowVersion` says it. Without tag and digest: the newest tested release. */
    tag?: string;
    /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
    digest?: string;
    /**
     * When the node asks the registry again, for every image of the instance.
     *
     * @default IfNotPresent
     */
    pullPolicy?: 'IfNotPresent' | 'Always' | 'Never';
    /** Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry. Every pod of the instance uses it. */
    pullSecret?: string;
  };
  /** MLflow release in the image, as in `3.1.0`. Without it: read from the tag (`3.1.0-4`, `v3.18.0-full`). */
  mlflowVersion?: string;
  /** The tracking server itself. */
  server?: {
    /** Number of server pods. All state is in the database and the artifact store, so any number works. Without it: 1, or what `autoscaling` makes of it. */
    replicas?: number;
    /** Lets the number of server pods follow their load (HorizontalPodAutoscaler), in place of `replicas`. The cluster needs metrics-server. Its first apply begins with one pod, since `replicas` is then no longer in the manifest. */
    autoscaling?: {
      /**
       * The fewest server pods.
       *
       * @default 2
       */
      minReplicas?: number;
      /** The most server pods; `database.maxConnections` must do for them. */
      maxReplicas: number;
      /**
       * Pods are added when their CPU use is above this percentage of their CPU request, on average, and removed when fewer would stay below it.
       *
       * @default 80
       */
      cpuUtilization?: number;
      /**
       * Seconds without need after which a pod is removed, one in a minute.
       *
       * @default 300
       */
      scaleDownStabilizationSeconds?: number;
    };
    /** Server processes a pod. Without it: the CPU limit, rounded up; more only costs memory. */
    workers?: number;
    /**
     * Threads a worker, where the release runs gunicorn (below 3.3). Newer releases manage theirs.
     *
     * @default 8
     */
    threads?: number;
    /** CPU and memory of the server container; the preparing container gets the same. */
    resources?: {
      /** What the scheduler sets aside. */
      requests?: {
        /** CPU: cores or thousandths of one. Without it: 500m, or the limit where that is less. */
        cpu?: string | number;
        /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
        memory?: string | number;
        /** Disk of the node. Without it: the limit. */
        'ephemeral-storage'?: string | number;
      };
      /** What the container may use at most. */
      limits?: {
        /**
         * CPU: cores or thousandths of one.
         *
         * @default 2
         */
        cpu?: string | number;
        /**
         * Memory.
         *
         * @default 1536Mi
         */
        memory?: string | number;
        /** Disk of the node, for logs and `temporaryStorage`. Without it: `temporaryStorage` and 256Mi. */
        'ephemeral-storage'?: string | number;
      };
    };
    /**
     * How much MLflow logs.
     *
     * @default INFO
     */
    logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';
    /**
     * Whether each request is logged as a line.
     *
     * @default false
     */
    accessLog?: boolean;
    /** Path that MLflow is served under, for an ingress that does not rewrite: `/mlflow`. */
    staticPrefix?: string;
    /**
     * Size of /tmp. Proxied uploads and downloads are kept there whole while they pass through.
     *
     * @default 2Gi
     */
    temporaryStorage?: string | number;
    /** Further host names (as in `mlflow.example.com` or `mlflow.example.com:8080`) that a request may name; the Service's own and its addresses are known, and all private ones. Pods at other addresses that are asked directly need a pattern: `100.64.*`. MLflow 3.5 and newer. */
    allowedHosts?: string[];
    /** Further browser origins (as in `https://mlflow.example.com`) that may use the API; the Service's own addresses are known. MLflow 3.5 and newer. */
    corsAllowedOrigins?: string[];
    /** Further options of `mlflow server` by name without dashes, checked against the release: `secrets-cache-ttl: 120`; true gives a bare switch. */
    options?: Record<string, string | number | boolean>;
    /** Further environment variables of the server and of what prepares it, name to value. Nothing secret: use `envFrom`. */
    env?: Record<string, string>;
    /** ConfigMaps and Secrets whose keys all become environment variables of the server and of what prepares it. */
    envFrom?: {
      /** ConfigMap whose keys become environment variables. */
      configMap?: string;
      /** Secret whose keys become environment variables. */
      secret?: string;
    }[];
    /** How a change reaches the pods. Without it: RollingUpdate, or Recreate where a volume cannot be shared. */
    rollout?: 'RollingUpdate' | 'Recreate';
    /**
     * Seconds that a pod may take to end: time for running transfers to finish.
     *
     * @default 60
     */
    gracePeriod?: number;
    /** Labels that a node must have, for every pod of the instance. */
    nodeSelector?: Record<string, string>;
    /** Taints that every pod of the instance tolerates. */
    tolerations?: {
      /** Taint key; without it every taint matches (with operator Exists). */
      key?: string;
      /**
       * How `value` is compared.
       *
       * @default Equal
       */
      operator?: 'Equal' | 'Exists';
      /** Taint value. */
      value?: string;
      /** Taint effect; without it all effects match. */
      effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
      /** How long a NoExecute taint is tolerated. */
      tolerationSeconds?: number;
    }[];
    /** PriorityClass of every pod of the instance. */
    priorityClassName?: string;
  };
  /** PostgreSQL, which holds runs, models and users. */
  database?: {
    /** Host name or address of PostgreSQL. Both databases are on it. Give this or `embedded`. */
    host?: string;
    /** A PostgreSQL of the instance's own, one pod on a claim, for clusters that have none: `embedded: {}` takes all defaults. */
    embedded?: {
      /** Image with PostgreSQL's programs: the official one, or a copy of it. */
      image?: {
        /**
         * Registry and repository, without tag.
         *
         * @default docker.io/library/postgres
         */
        repository?: string;
        /**
         * Tag of PostgreSQL 15 or newer, on Debian. A newer minor release may follow; data of another major release is not read.
         *
         * @default 17.11-trixie
         */
        tag?: string;
        /** Digest, which pins the exact image. */
        digest?: string;
      };
      /** The claim that holds the databases. It outlives everything but its own deletion and the namespace's. */
      storage?: {
        /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-database`. */
        name?: string;
        /**
         * Size. It can grow where the storage class allows it, never shrink.
         *
         * @default 10Gi
         */
        size?: string | number;
        /** StorageClass; without it the cluster's default. */
        storageClass?: string;
      };
      /** CPU and memory. */
      resources?: {
        /** What the scheduler sets aside. */
        requests?: {
          /**
           * CPU: cores or thousandths of one.
           *
           * @default 100m
           */
          cpu?: string | number;
          /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
          memory?: string | number;
        };
        /** What the container may use at most. */
        limits?: {
          /**
           * CPU: cores or thousandths of one.
           *
           * @default 1
           */
          cpu?: string | number;
          /**
           * Memory. A quarter of it becomes PostgreSQL's shared buffers.
           *
           * @default 512Mi
           */
          memory?: string | number;
        };
      };
    };
    /**
     * Port of PostgreSQL.
     *
     * @default 5432
     */
    port?: number;
    /**
     * Database of experiments, runs and models.
     *
     * @default mlflow
     */
    name?: string;
    /**
     * Database of users and permissions. From MLflow 3.6.0 on it may be the same as `name`; two are easier to restore apart. Another name is another, empty database: no users move.
     *
     * @default mlflow_auth
     */
    authName?: string;
    /** Where user name and password come from. Any character may be in them. */
    credentials?: {
      /** Secret in the namespace. Without it: the instance's name and `-db-credentials`. */
      secret?: string;
      /**
       * Its key with the user name.
       *
       * @default username
       */
      usernameKey?: string;
      /**
       * Its key with the password.
       *
       * @default password
       */
      passwordKey?: string;
    };
    /** Encryption on the way to PostgreSQL. */
    tls?: {
      /**
       * libpq's sslmode. `prefer` encrypts where the server can; `verify-full` also checks who it is.
       *
       * @default prefer
       */
      mode?: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
      /** Certificates that sign the server's, for the verify modes. */
      ca?: {
        /** ConfigMap in the instance's namespace that holds the certificates; give this or `secret`. */
        configMap?: string;
        /** Secret in the instance's namespace that holds the certificates; give this or `configMap`. */
        secret?: string;
        /**
         * Key of the PEM file in it.
         *
         * @default ca.crt
         */
        key?: string;
      };
    };
    /**
     * Connections that PostgreSQL has for this instance, all pods together, also while a rollout doubles them. An embedded one is set up for so many.
     *
     * @default 100
     */
    maxConnections?: number;
    /** Whether missing databases are created, where the user may. Without it: in an embedded PostgreSQL. */
    create?: boolean;
    /**
     * What happens to the schema when a pod starts: `auto` creates and upgrades, `create` only creates, `check` does neither and stops with a message.
     *
     * @default auto
     */
    migration?: 'auto' | 'create' | 'check';
    /**
     * Seconds that a starting pod waits for PostgreSQL, for the lock of another pod and for the bucket.
     *
     * @default 300
     */
    timeout?: number;
  };
  /** Where artifacts (models, files) are kept. */
  artifacts?: {
    /**
     * `proxied`: clients send artifacts through the server, which alone has the S3 keys. `direct`: clients reach S3 with keys of their own.
     *
     * @default proxied
     */
    access?: 'proxied' | 'direct';
    /** An S3 store of the instance's own (versitygw), one pod on a claim, for clusters that have none: `embedded: {}` takes all defaults. */
    embedded?: {
      /** Image with versitygw: the official one, or a copy of it. */
      image?: {
        /**
         * Registry and repository, without tag.
         *
         * @default docker.io/versity/versitygw
         */
        repository?: string;
        /**
         * Tag.
         *
         * @default v1.7.0
         */
        tag?: string;
        /** Digest, which pins the exact image. */
        digest?: string;
      };
      /** The claim that holds the artifacts, on a file system with extended attributes (ext4, XFS; NFS has none). It outlives everything but its own deletion and the namespace's. */
      storage?: {
        /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-object-store`. */
        name?: string;
        /**
         * Size. It can grow where the storage class allows it, never shrink.
         *
         * @default 50Gi
         */
        size?: string | number;
        /** StorageClass; without it the cluster's default. */
        storageClass?: string;
      };
      /** CPU and memory. */
      resources?: {
        /** What the scheduler sets aside. */
        requests?: {
          /**
           * CPU: cores or thousandths of one.
           *
           * @default 50m
           */
          cpu?: string | number;
          /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
          memory?: string | number;
        };
        /** What the container may use at most. */
        limits?: {
          /**
           * CPU: cores or thousandths of one.
           *
           * @default 1
           */
          cpu?: string | number;
          /**
           * Memory.
           *
           * @default 256Mi
           */
          memory?: string | number;
        };
      };
    };
    /** The S3 bucket, of AWS or of any compatible store. */
    s3?: {
      /** Name of the bucket. Without it: `mlflow-artifacts` in an embedded store. */
      bucket?: string;
      /** Folder within the bucket; without it the bucket's root. */
      prefix?: string;
      /** URL of an S3-compatible store; without it AWS, or the embedded store. */
      endpoint?: string;
      /**
       * Region. Most compatible stores accept the default.
       *
       * @default us-east-1
       */
      region?: string;
      /**
       * Where the bucket's name goes in a URL: `path` for stores behind one host name, `virtual` for host names a bucket.
       *
       * @default auto
       */
      addressingStyle?: 'auto' | 'path' | 'virtual';
      /** Where the access key comes from. */
      credentials?: {
        /** Secret in the namespace. Without it: the instance's name and `-s3-secret`. */
        secret?: string;
        /**
         * Its key with the access key ID.
         *
         * @default AWS_ACCESS_KEY_ID
         */
        accessKeyIdKey?: string;
        /**
         * Its key with the secret access key.
         *
         * @default AWS_SECRET_ACCESS_KEY
         */
        secretAccessKeyKey?: string;
      };
      /** Encryption on the way to an https endpoint. */
      tls?: {
        /** Certificates that sign the endpoint's, where they are not publicly known. */
        ca?: {
          /** ConfigMap in the instance's namespace that holds the certificates; give this or `secret`. */
          configMap?: string;
          /** Secret in the instance's namespace that holds the certificates; give this or `configMap`. */
          secret?: string;
          /**
           * Key of the PEM file in it.
           *
           * @default ca.crt
           */
          key?: string;
        };
      };
      /** Whether a missing bucket is created, where the key may. Without it: in an embedded store. */
      createBucket?: boolean;
    };
  };
  /** Who may use the server. */
  auth?: {
    /**
     * Whether clients must log in (MLflow's basic-auth application).
     *
     * @default true
     */
    enabled?: boolean;
    /** Secret in the namespace with the administrator's name and password and the key that signs sessions. Without it: the instance's name and `-basic-auth`. */
    secret?: string;
    /**
     * Its key with the administrator's name.
     *
     * @default MLFLOW_TRACKING_USERNAME
     */
    usernameKey?: string;
    /**
     * Its key with the administrator's password, 12 characters or more. A changed value is set at the next start of a pod.
     *
     * @default MLFLOW_TRACKING_PASSWORD
     */
    passwordKey?: string;
    /**
     * Its key with the server's secret key, any long random text.
     *
     * @default MLFLOW_FLASK_SERVER_SECRET_KEY
     */
    flaskSecretKeyKey?: string;
    /**
     * What a user may do with experiments and models that nobody granted to them.
     *
     * @default READ
     */
    defaultPermission?: 'READ' | 'EDIT' | 'MANAGE' | 'NO_PERMISSIONS';
    /** Users beside the administrator, made at the start of a pod where they are missing. One that leaves the list is kept; the pod's log names it. */
    users?: {
      /** The name that the user logs in with. */
      name: string;
      /** What the user may do with every experiment and registered model. What the user creates is the user's own, whatever stands here. */
      permission: 'READ' | 'EDIT' | 'MANAGE' | 'NO_PERMISSIONS';
      /** Secret in the namespace with the user's name and password. Without it: the instance's name, `-user-` and the user's. */
      secret?: string;
      /**
       * Its key with the user's name, which must be the one above.
       *
       * @default MLFLOW_TRACKING_USERNAME
       */
      usernameKey?: string;
      /**
       * Its key with the user's password, 12 characters or more. A changed value is set at the next start of a pod.
       *
       * @default MLFLOW_TRACKING_PASSWORD
       */
      passwordKey?: string;
    }[];
    /**
     * Seconds that a password found right is not hashed again; a changed password or deleted user may go on that long. 0 turns the cache off and costs over 90 % of the throughput.
     *
     * @default 60
     */
    cacheSeconds?: number;
  };
  /** Where Secrets come from. */
  secrets?: {
    /**
     * Who makes the Secrets that the other sections name; names and keys are the same whoever does. `existing`: somebody else, before or after the apply; pods wait for them. `generated`: Jobs in the cluster, with random values, each Secret that is missing and that nobody else can know (the login, and the credentials of embedded stores). `sealed`: the Sealed Secrets controller, from `sealed-secrets.yaml` beside this file. `external`: the External Secrets operator, from a store such as Vault.
     *
     * @default existing
     */
    provider?: 'existing' | 'generated' | 'sealed' | 'external';
    /** How values are sealed, for the provider `sealed`. */
    sealed?: {
      /**
       * File with the controller's certificate in PEM form, beside this file. It may hold several: the first is sealed with, and what the others sealed is accepted.
       *
       * @default sealing-certificate.pem
       */
      certificate?: string;
      /**
       * What a sealed value is bound to: `strict` one Secret of one namespace, `namespace-wide` its namespace, `cluster-wide` nothing.
       *
       * @default strict
       */
      scope?: 'strict' | 'namespace-wide' | 'cluster-wide';
    };
    /** Where the values are, for the provider `external`. */
    external?: {
      /** The store that holds the values. */
      store: {
        /** Name of the SecretStore or ClusterSecretStore. */
        name: string;
        /**
         * Its kind. A SecretStore must be in each namespace that gets a Secret, also in those of `clients`.
         *
         * @default ClusterSecretStore
         */
        kind?: 'ClusterSecretStore' | 'SecretStore';
      };
      /**
       * How often the store is asked again: a duration as in `1h` or `15m`; `0s` asks once.
       *
       * @default 1h
       */
      refreshInterval?: string;
      /**
       * What stands before the Secret's name in the store.
       *
       * @default 
       */
      prefix?: string;
      /** By the Secret's name in the instance's namespace: where its values are, when they are not under `prefix` and that name, each key as a property of its own. Copies for clients come from the same place. */
      remote?: Record<string, {
        /** undefined */
        key?: string;
        /** undefined */
        version?: string;
        /** undefined */
        keys?: Record<string, {
          /** undefined */
          key?: string;
          /** undefined */
          property?: string;
          /** undefined */
          version?: string;
        }>;
      }>;
      /**
       * Whether a Secret is deleted with its ExternalSecret (`Owner`), outlives it (`Orphan`), or must be there already and only gets the keys (`Merge`).
       *
       * @default Owner
       */
      creationPolicy?: 'Owner' | 'Orphan' | 'Merge';
      /**
       * What becomes of a Secret whose values vanish from the store: it stays (`Retain`), it goes (`Delete`), or its keys go (`Merge`).
       *
       * @default Retain
       */
      deletionPolicy?: 'Retain' | 'Delete' | 'Merge';
    };
  };
  /** Namespaces that use MLflow (JupyterHub, Argo Workflows, any): each gets the tracking URI and, where it is given a user, the login. */
  clients?: {
    /** Namespace whose pods use MLflow. It must exist; the network policy lets all its pods in. */
    namespace: string;
    /** Name of one of `auth.users`, whose login the namespace gets as a Secret. Without it: no login. The administrator's is never handed out. */
    user?: string;
    /** ConfigMap with MLFLOW_TRACKING_URI, made there. Without it: the instance's name and `-client`. */
    configMap?: string;
    /** Secret with MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD there, by the same provider as all others. Without it: the instance's name and `-client`. */
    secret?: string;
  }[];
  /** How clients reach the server. */
  service?: {
    /**
     * How far the one Service reaches: the cluster, also a port of every node, also an address of its own.
     *
     * @default ClusterIP
     */
    type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
    /**
     * Port of the Service.
     *
     * @default 5000
     */
    port?: number;
    /** Port on every node, for NodePort and LoadBalancer; without it Kubernetes picks one. */
    nodePort?: number;
    /** Addresses of nodes that people type into a browser together with `nodePort`; they are allowed as hosts and origins. */
    nodeAddresses?: string[];
    /** Address that MetalLB gives the Service, for LoadBalancer. */
    loadBalancerIP?: string;
    /** Which IP families the Service has, the first one for its main address. Without it: the cluster's first one. With IPv6 the server listens on it too. */
    ipFamilies?: ('IPv4' | 'IPv6')[];
    /** Whether the Service has both families: `PreferDualStack` where the cluster has (then name at most the first one in `ipFamilies`), `RequireDualStack` always. Without it: `SingleStack` or `RequireDualStack`, as `ipFamilies` names one or two. */
    ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
    /** Address blocks that the load balancer lets in; without it all. */
    sourceRanges?: string[];
    /** `Local` keeps the client's address and uses only pods on the node that was asked. */
    externalTrafficPolicy?: 'Cluster' | 'Local';
    /** Annotations of the Service, for load balancers that want some. */
    annotations?: Record<string, string>;
  };
  /** Which connections are allowed. */
  networkPolicy?: {
    /**
     * Whether traffic is limited to what the environment names: clients in; DNS, database and S3 out. A host name outside the cluster may be any address, so that its port is open to all; an address or the name of a Service is narrower.
     *
     * @default true
     */
    enabled?: boolean;
    /** Who may open connections to the server. Pods of the instance's own namespace always may. */
    clients?: {
      /** Namespaces, all pods of them. */
      namespaces?: string[];
      /** Pods by their labels. */
      pods?: {
        /** Namespace of the pods; without it the instance's own. */
        namespace?: string;
        /** Labels that the pods have. */
        labels: Record<string, string>;
      }[];
      /** Address blocks outside the cluster. Unless `service.externalTrafficPolicy` is `Local`, a client may appear by the address of a node, so name the nodes too. Without blocks, a NodePort or LoadBalancer Service is open to all that the Service itself lets in. */
      cidrs?: string[];
    };
    /** What the server may reach besides DNS, the database and S3. */
    egress?: {
      /** Namespace whose pods may be reached; give this or `cidr`. */
      namespace?: string;
      /** Address block that may be reached; give this or `namespace`. */
      cidr?: string;
      /** TCP ports; without them all. Mind that a policy sees the pod's port, not the Service's. */
      ports?: number[];
    }[];
  };
  /** Volume claims. */
  storage?: {
    /** A claim for files around MLflow (dumps, plugins). MLflow itself keeps nothing on it: its state is in PostgreSQL and S3. */
    data?: {
      /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-data`. */
      name?: string;
      /**
       * Size. It can grow where the storage class allows it, never shrink.
       *
       * @default 10Gi
       */
      size?: string | number;
      /** StorageClass; without it the cluster's default. */
      storageClass?: string;
      /**
       * Who may mount it: one node, or many at once.
       *
       * @default ReadWriteOnce
       */
      accessMode?: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
      /** Where the server mounts it. Without it the claim is made and mounted nowhere. */
      mountPath?: string;
    };
  };
  /** A CronJob that removes for good what was deleted long ago: runs, experiments and logged models, with their artifacts. `garbageCollection: {}` takes all defaults; without it what is deleted stays. */
  garbageCollection?: {
    /**
     * When it runs: minute, hour, day, month and day of the week, as in cron. Beside a backup it waits for that one's end.
     *
     * @default 30 3 * * *
     */
    schedule?: string;
    /**
     * Time zone of the schedule, such as Europe/Berlin.
     *
     * @default Etc/UTC
     */
    timeZone?: string;
    /**
     * How long ago something must have been deleted, in days, hours, minutes and seconds: `30d`, `12h30m`. Until then a client can restore it.
     *
     * @default 30d
     */
    olderThan?: string;
    /**
     * Whether the schedule rests. A Job can still be made from it by hand.
     *
     * @default false
     */
    suspend?: boolean;
    /**
     * Seconds after which a run is ended. The next one goes on from there.
     *
     * @default 14400
     */
    timeLimit?: number;
    /** CPU and memory. */
    resources?: {
      /** What the scheduler sets aside while it runs. */
      requests?: {
        /**
         * CPU: cores or thousandths of one.
         *
         * @default 100m
         */
        cpu?: string | number;
        /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
        memory?: string | number;
      };
      /** What the container may use at most. */
      limits?: {
        /**
         * CPU: cores or thousandths of one.
         *
         * @default 1
         */
        cpu?: string | number;
        /**
         * Memory. MLflow before 3.18 reads a run's whole history of metrics when it removes the run.
         *
         * @default 768Mi
         */
        memory?: string | number;
      };
    };
  };
  /** A test of the running server, from login to model, as a client sees it. */
  smokeTest?: {
    /**
     * Whether there is a suspended CronJob that only waits to be run by hand, after a change say: `kubectl create job --from=cronjob/mlflow-smoke-test check-1`.
     *
     * @default false
     */
    enabled?: boolean;
  };
  /** Copies of both databases, and of the artifacts, on a schedule; and the way back. */
  backup?: {
    /**
     * When a backup is made: minute, hour, day of the month, month, day of the week.
     *
     * @default 30 2 * * *
     */
    schedule?: string;
    /**
     * Time zone of the schedule, as in `Europe/Berlin`.
     *
     * @default Etc/UTC
     */
    timeZone?: string;
    /** Where backups are kept: a claim or a bucket. */
    destination: {
      /** A volume: `claim: {}` takes all defaults. */
      claim?: {
        /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-backup`. */
        name?: string;
        /**
         * Whether the claim is made. `false` for one that is there already, or that `storage.data` makes.
         *
         * @default true
         */
        create?: boolean;
        /**
         * Size, for as many backups as `retention` keeps and one more. It can grow where the storage class allows it, never shrink.
         *
         * @default 10Gi
         */
        size?: string | number;
        /** StorageClass; without it the cluster's default. */
        storageClass?: string;
        /**
         * Who may mount it: one node, or many at once.
         *
         * @default ReadWriteOnce
         */
        accessMode?: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
      };
      /** A bucket of AWS or of any compatible store. */
      s3?: {
        /** Name of the bucket, which exists already. */
        bucket: string;
        /** URL of an S3-compatible store; without it AWS. Best not the store that the artifacts are in. */
        endpoint?: string;
        /**
         * Region. Most compatible stores accept the default.
         *
         * @default us-east-1
         */
        region?: string;
        /**
         * Where the bucket's name goes in a URL: `path` for stores behind one host name, `virtual` for host names a bucket.
         *
         * @default auto
         */
        addressingStyle?: 'auto' | 'path' | 'virtual';
        /** Where the access key comes from. */
        credentials?: {
          /** Secret in the namespace. Without it: the instance's name and `-backup-s3-secret`. */
          secret?: string;
          /**
           * Its key with the access key ID.
           *
           * @default AWS_ACCESS_KEY_ID
           */
          accessKeyIdKey?: string;
          /**
           * Its key with the secret access key.
           *
           * @default AWS_SECRET_ACCESS_KEY
           */
          secretAccessKeyKey?: string;
        };
        /** Encryption on the way to an https endpoint. */
        tls?: {
          /** Certificates that sign the endpoint's, where they are not publicly known. */
          ca?: {
            /** ConfigMap in the instance's namespace that holds the certificates; give this or `secret`. */
            configMap?: string;
            /** Secret in the instance's namespace that holds the certificates; give this or `configMap`. */
            secret?: string;
            /**
             * Key of the PEM file in it.
             *
             * @default ca.crt
             */
            key?: string;
          };
        };
      };
      /** Folder in the claim or the bucket, of this instance alone. Without it: the instance's name. */
      prefix?: string;
    };
    /**
     * Whether the artifacts are copied too, after the databases. What was copied once is not copied again.
     *
     * @default false
     */
    artifacts?: boolean;
    /** Which backups stay. The newest complete one always does. */
    retention?: {
      /**
       * How many are kept at most.
       *
       * @default 14
       */
      count?: number;
      /** Days after which one is removed. Without it: age does not matter. */
      days?: number;
    };
    /** Image with PostgreSQL's client programs, of the server's major release or a newer one. Without repository and tag: that of an embedded PostgreSQL, or the one that was tested. */
    image?: {
      /** Registry and repository, without tag. */
      repository?: string;
      /** Tag, of an image on Debian. */
      tag?: string;
      /** Digest, which pins the exact image. */
      digest?: string;
    };
    /**
     * Seconds after which a backup or a restore that still runs is ended.
     *
     * @default 21600
     */
    timeout?: number;
    /**
     * Room of the pod for the dumps of a backup on its way to or from a bucket.
     *
     * @default 5Gi
     */
    temporaryStorage?: string | number;
    /** CPU and memory of the program that checks, copies and restores; PostgreSQL's programs beside it have 256Mi. */
    resources?: {
      /** What the scheduler sets aside. */
      requests?: {
        /**
         * CPU: cores or thousandths of one.
         *
         * @default 100m
         */
        cpu?: string | number;
        /** Memory. Without it: the limit. */
        memory?: string | number;
      };
      /** What the container may use at most. */
      limits?: {
        /**
         * CPU: cores or thousandths of one.
         *
         * @default 1
         */
        cpu?: string | number;
        /**
         * Memory. A million artifacts take about 1Gi.
         *
         * @default 512Mi
         */
        memory?: string | number;
      };
    };
  };
  /** What keeps the server up while nodes go away. */
  availability?: {
    /** Whether node maintenance takes at most one server pod at a time. Without it: from two replicas on. */
    disruptionBudget?: boolean;
    /** Whether server pods are spread over zones and nodes as evenly as possible. Without it: from two replicas on. */
    topologySpread?: boolean;
    /** Whether two server pods keep off the same node: where possible, always, or not at all. Without it: `preferred` from two replicas on. */
    antiAffinity?: 'preferred' | 'required' | 'none';
  };
  /** Metrics, alerts and a dashboard. */
  monitoring?: {
    /** Lets the server count its requests, and a small container beside it show the counts to a scraper: `metrics: {}` takes all defaults. The image must hold prometheus-flask-exporter, as the official -full ones do. */
    metrics?: {
      /** The scraper's login, which opens the metrics and nothing else: no user of MLflow has it. */
      credentials?: {
        /** Secret in the namespace. Without it: the instance's name and `-metrics`. */
        secret?: string;
        /**
         * Its key with the user name.
         *
         * @default username
         */
        usernameKey?: string;
        /**
         * Its key with the password. A changed value holds within some two minutes, without a restart.
         *
         * @default password
         */
        passwordKey?: string;
      };
      /** Who scrapes: the network policy lets these pods in. */
      scraper?: {
        /**
         * Namespace of the scraper's pods.
         *
         * @default monitoring
         */
        namespace?: string;
        /**
         * Labels of the scraper's pods; `{}` for all pods of the namespace.
         *
         * @default {"app.kubernetes.io/name":"prometheus"}
         */
        labels?: Record<string, string>;
      };
    };
    /** A ServiceMonitor for the Prometheus operator: `serviceMonitor: {}` takes all defaults. */
    serviceMonitor?: {
      /** Labels that the operator selects ServiceMonitors by. `release: NAME` for the chart kube-prometheus-stack, with the name of its release. */
      labels?: Record<string, string>;
      /**
       * Seconds between two scrapes. Alerts look at five minutes, so at most 120.
       *
       * @default 30
       */
      interval?: number;
      /**
       * Seconds that a scrape may take, at most `interval`.
       *
       * @default 10
       */
      timeout?: number;
    };
    /** A PrometheusRule with alerts for the Prometheus operator: `rules: {}` takes all defaults. What needs series of others (kube-state-metrics, the kubelet, an exporter of PostgreSQL) stays silent without them. */
    rules?: {
      /** Labels that the operator selects PrometheusRules by. */
      labels?: Record<string, string>;
      /** Labels of every alert beside `severity`, for routes of Alertmanager. */
      alertLabels?: Record<string, string>;
      /**
       * Where the pages of docs/alerts are, for the link of each alert: a URL without its end, such as `https://git.example.com/mlflow/docs/alerts`.
       *
       * @default docs/alerts
       */
      runbooks?: string;
      /** When alerts fire. */
      thresholds?: {
        /**
         * Minutes without any answer of the server.
         *
         * @default 5
         */
        downMinutes?: number;
        /**
         * Requests that end with an error of the server (status 5xx), of all, in percent.
         *
         * @default 5
         */
        errorPercent?: number;
        /**
         * Seconds that one of twenty requests takes at least (95th percentile). The server measures up to 10, and nothing below 0.05 is kept.
         *
         * @default 5
         */
        latencySeconds?: number;
        /**
         * Restarts of a container within an hour.
         *
         * @default 3
         */
        restartsPerHour?: number;
        /**
         * Use of a claim in percent.
         *
         * @default 85
         */
        claimPercent?: number;
        /**
         * Hours since the last backup that was completed, where there are backups: somewhat more than lies between two (synth warns where `backup.schedule` is sparser).
         *
         * @default 26
         */
        backupHours?: number;
        /**
         * Open connections of `database.maxConnections` in percent.
         *
         * @default 80
         */
        connectionPercent?: number;
      };
    };
    /** A Grafana dashboard in a ConfigMap, as Grafana's sidecar finds it: `dashboard: {}` takes all defaults. */
    dashboard?: {
      /**
       * Labels that Grafana's sidecar selects ConfigMaps by.
       *
       * @default {"grafana_dashboard":"1"}
       */
      labels?: Record<string, string>;
      /** Annotations, such as `grafana_folder: MLflow` for the folder (where the sidecar's `folderAnnotation` is set so). */
      annotations?: Record<string, string>;
    };
  };
  /** Labels added to every object. Those of `app.kubernetes.io/` that every object has stay as they are. */
  labels?: Record<string, string>;
  /** Annotations added to every object. */
  annotations?: Record<string, string>;
  /** JSON patches for what no key covers. One that matches nothing is an error, and so is one whose outcome a cluster would refuse or could not run; probes, limits and the like, which only make an instance safer, a patch may take away. */
  patches?: {
    /** Kind of the object: `Deployment`. */
    kind: string;
    /** Name of the object. */
    name: string;
    /** What is changed, in order. */
    operations: {
      /** What is done, as in RFC 6902. */
      op: 'add' | 'remove' | 'replace' | 'test';
      /** JSON Pointer to the place: `/spec/template/spec/hostAliases`. */
      path: string;
      /** Value for add, replace and test. */
      value?: unknown;
    }[];
  }[];
}
