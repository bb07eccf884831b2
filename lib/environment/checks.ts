import { backupChecks } from '../components/backup/checks';
import { clientChecks, providerChecks } from '../components/clients/checks';
import { monitoringChecks } from '../components/monitoring/checks';
import { resourceChecks } from '../components/shared/resources';
import { type Check, type Issue, lostCharacter, type Path, violatedChecks } from '../input/issue';
import { type Environment, mostReplicas } from './model';
import { storeChecks } from './store-checks';

/** What one key demands of another, whatever the MLflow release. */
export function checkEnvironment(environment: Environment): Issue[] {
  const { namespace } = environment;
  const checks = [
    ...textChecks(environment, []),
    ...imageChecks(environment),
    ...storeChecks(environment),
    ...serverChecks(environment),
    ...userChecks(environment),
    ...clientChecks(environment),
    ...providerChecks(environment),
    ...monitoringChecks(environment),
    ...serviceChecks(environment),
    ...policyChecks(environment),
    ...storageChecks(environment),
    ...backupChecks(environment),
    {
      path: ['namespace', 'name'],
      violated: namespace.create && /^(default|kube-.*)$/.test(namespace.name),
      message: `is a namespace of the cluster's own, on which others rely (use another, or set namespace.create: false)`,
    },
    ...patchChecks(environment),
  ];
  return violatedChecks(checks);
}

/** What a reader of the manifests would replace or refuse, and no value here needs. */
function textChecks(value: unknown, path: Path): Check[] {
  const held = '${';
  const message = `holds a dollar sign before a brace, which Flux replaces (write it another way)`;
  if (typeof value === 'string') {
    const character = lostCharacter(value);
    const code = character?.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return [
      { path, violated: value.includes(held), message },
      {
        path,
        violated: character !== undefined,
        message: `holds the character U+${code}, which does not get through to a program or a server-side apply (remove it)`,
      },
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textChecks(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A tag that is moved on says nothing of what runs, unless a digest does. */
function imageChecks({ image, mlflowVersion, artifacts: { embedded } }: Environment): Check[] {
  const message = 'may be another image each time that it is pulled (name a tag that stays, or give a digest too)';
  return [
    {
      path: ['image', 'tag'],
      // Without the release it is refused for that.
      violated: image.tag === 'latest' && image.digest === undefined && mlflowVersion !== undefined,
      message,
    },
    {
      path: ['artifacts', 'embedded', 'image', 'tag'],
      violated: embedded?.image.tag === 'latest' && embedded.image.digest === undefined,
      message,
    },
  ];
}

/** Whether a value that YAML has cannot be said in JSON, which is all that an API server reads. */
function isBeyondJson(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isBeyondJson);
}

function serverChecks({ server, garbageCollection }: Environment): Check[] {
  const { autoscaling } = server;
  return [
    {
      path: ['server', 'replicas'],
      violated: server.replicas !== undefined && autoscaling !== undefined,
      message: 'is given beside server.autoscaling, which decides the number of pods (remove one of the two)',
    },
    {
      path: ['server', 'autoscaling', 'minReplicas'],
      violated: autoscaling !== undefined && autoscaling.minReplicas > autoscaling.maxReplicas,
      message: `is ${autoscaling?.minReplicas}, more than maxReplicas of ${autoscaling?.maxReplicas} (use at most that)`,
    },
    ...resourceChecks(['server'], server.resources),
    ...resourceChecks(['garbageCollection'], garbageCollection?.resources),
    ...server.envFrom.map((source, index) => ({
      path: ['server', 'envFrom', index],
      violated: (source.configMap === undefined) === (source.secret === undefined),
      message: 'must name one source (give either configMap or secret)',
    })),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index],
      violated: toleration.operator === 'Exists' ? toleration.value !== undefined : toleration.key === undefined,
      message:
        toleration.operator === 'Exists'
          ? 'has a value, which operator Exists does not compare (remove it)'
          : 'has no key (give one, or use operator: Exists)',
    })),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index, 'tolerationSeconds'],
      violated: toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute',
      message: 'is refused by Kubernetes for any other effect (set effect: NoExecute, or remove it)',
    })),
  ];
}

function userChecks({ auth }: Environment): Check[] {
  return [
    {
      path: ['auth', 'users'],
      violated: auth.users.length > 0 && !auth.enabled,
      message: 'are given, but nobody logs in (set auth.enabled: true, or remove them)',
    },
    ...auth.users.flatMap(({ name, secret }, index) => [
      {
        path: ['auth', 'users', index, 'name'],
        violated: auth.users.findIndex((user) => user.name === name) < index,
        message: 'stands here twice (give each user once)',
      },
      {
        path: ['auth', 'users', index, 'name'],
        violated: secret === undefined && !/^[a-z0-9]([-.]?[a-z0-9])*$/.test(name),
        message: 'cannot be part of the name of a Secret (give the Secret a name too, by secret)',
      },
    ]),
  ];
}

function serviceChecks({ service }: Environment): Check[] {
  const balanced = service.type === 'LoadBalancer';
  const outside = service.type !== 'ClusterIP';
  return [
    {
      path: ['service', 'loadBalancerIP'],
      violated: service.loadBalancerIP !== undefined && !balanced,
      message: `needs a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'sourceRanges'],
      violated: service.sourceRanges.length > 0 && !balanced,
      message: `need a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'nodePort'],
      violated: service.nodePort !== undefined && !outside,
      message:
        'needs a Service that nodes offer, but the type is ClusterIP (set service.type: NodePort or LoadBalancer)',
    },
    {
      path: ['service', 'externalTrafficPolicy'],
      violated: service.externalTrafficPolicy !== undefined && !outside,
      message:
        'needs a Service that nodes offer, but the type is ClusterIP (set service.type: NodePort or LoadBalancer)',
    },
    {
      path: ['service', 'ipFamilyPolicy'],
      violated: service.ipFamilyPolicy === 'SingleStack' && service.ipFamilies.length > 1,
      message: 'is SingleStack, but service.ipFamilies names two (remove one of them, or use RequireDualStack)',
    },
    {
      path: ['service', 'nodeAddresses'],
      violated: service.nodeAddresses.length > 0 && service.nodePort === undefined,
      message: 'need a fixed port to be complete addresses (set service.nodePort)',
    },
  ];
}

function policyChecks({ networkPolicy }: Environment): Check[] {
  return networkPolicy.egress.map((rule, index) => ({
    path: ['networkPolicy', 'egress', index],
    violated: (rule.namespace === undefined) === (rule.cidr === undefined),
    message: 'must name one destination (give either namespace or cidr)',
  }));
}

function patchChecks({ patches }: Environment): Check[] {
  return patches.flatMap(({ kind, operations }, index) =>
    operations.flatMap(({ op, path, value }, step) => [
      {
        path: ['patches', index, 'operations', step, 'value'],
        violated: op !== 'remove' && value === undefined,
        message: `is missing (${op} needs one)`,
      },
      {
        path: ['patches', index, 'operations', step, 'value'],
        violated: isBeyondJson(value),
        message: 'holds a number that no cluster can read (write a finite one, or a text in quotes)',
      },
      {
        path: ['patches', index, 'operations', step, 'path'],
        violated: kind === 'Job' && path.startsWith('/spec') && op !== 'test',
        message: 'changes a Job, which no cluster allows once it is there (use a key of the environment file)',
      },
    ]),
  );
}

const TAKEN_PATHS = [
  '/tmp',
  '/scripts',
  '/etc',
  '/dev',
  '/proc',
  '/sys',
  '/usr',
  '/opt',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/run',
  '/var',
];

function storageChecks({ storage, server }: Environment): Check[] {
  const data = storage.data;
  const path = data?.mountPath;
  const shared = data === undefined || path === undefined || data.accessMode === 'ReadWriteMany';
  return [
    {
      path: ['storage', 'data', 'mountPath'],
      violated: path !== undefined && TAKEN_PATHS.some((taken) => path === taken || path.startsWith(`${taken}/`)),
      message: 'is taken by the system or the server (use a path such as /data)',
    },
    {
      path: ['storage', 'data', 'mountPath'],
      violated: path?.split('/').some((step) => step === '.' || step === '..') ?? false,
      message: 'has a step that is . or .. (write the path that is meant)',
    },
    {
      path: server.autoscaling ? ['server', 'autoscaling', 'maxReplicas'] : ['server', 'replicas'],
      violated: mostReplicas(server) > 1 && !shared,
      message: `is ${mostReplicas(server)}, but the mounted claim is ${data?.accessMode} (use accessMode: ReadWriteMany, or one replica)`,
    },
    {
      path: ['server', 'rollout'],
      violated: server.rollout === 'RollingUpdate' && !shared,
      message: `is RollingUpdate, but the mounted claim is ${data?.accessMode} (use Recreate, or accessMode: ReadWriteMany)`,
    },
  ];
}
