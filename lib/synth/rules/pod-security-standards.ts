import type { Container, PodSecurityContext, PodSpec, SecurityContext, Volume } from '../../kubernetes/objects';

/**
 * What the Pod Security Standards demand of pods, as the admission plugin of Kubernetes 1.34 checks them, for Linux.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */

/** A level of the standards that demands something; `privileged` demands nothing. */
export type Level = 'baseline' | 'restricted';

/** Something that is demanded of a pod or of a container. The message ends in "(what would be right)". */
export interface Requirement<T> {
  readonly level: Level;
  readonly message: string;
  breaks(value: T): boolean;
}

/** A pod as it stands in the output, where the names of some fields are those of Kubernetes and not those of cdk8s. */
export interface CheckedPod {
  readonly spec: PodSpec & { readonly hostPID?: boolean; readonly hostIPC?: boolean };
  readonly annotations: Readonly<Record<string, string>>;
}

/** A container with the security context of its pod, which holds where its own says nothing. */
export interface CheckedContainer {
  readonly container: Container;
  readonly own: SecurityContext;
  readonly pod: PodSecurityContext;
}

const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  ...['ip_local_port_range', 'ip_unprivileged_port_start', 'ping_group_range', 'ip_local_reserved_ports'].map(
    (name) => `net.ipv4.${name}`,
  ),
  ...['syncookies', 'keepalive_time', 'fin_timeout', 'keepalive_intvl', 'keepalive_probes', 'rmem', 'wmem'].map(
    (name) => `net.ipv4.tcp_${name}`,
  ),
];

const VOLUMES: readonly string[] = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected'],
  'secret',
];

const sourcesOf = (volume: Volume) => Object.keys(volume).filter((key) => key !== 'name');

type Confined = Pick<PodSecurityContext | SecurityContext, 'seLinuxOptions' | 'windowsOptions'> & {
  /** Newer than cdk8s' types. */
  readonly appArmorProfile?: { readonly type?: string };
};

/** What both a pod and a container may say of its confinement. */
function isUnconfined({ seLinuxOptions, appArmorProfile, windowsOptions }: Confined): boolean {
  const { type = '', user = '', role = '' } = seLinuxOptions ?? {};
  const types = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
  return (
    !types.includes(type) ||
    user !== '' ||
    role !== '' ||
    appArmorProfile?.type === 'Unconfined' ||
    windowsOptions?.hostProcess === true
  );
}

/** Demands of a pod as a whole. */
export const POD_REQUIREMENTS: readonly Requirement<CheckedPod>[] = [
  {
    level: 'baseline',
    message: 'shares namespaces of its node (remove hostNetwork, hostPID and hostIPC)',
    breaks: ({ spec: { hostNetwork, hostPID, hostIPC } }) => [hostNetwork, hostPID, hostIPC].includes(true),
  },
  {
    level: 'baseline',
    message: 'mounts a folder of its node (use another volume than hostPath)',
    breaks: ({ spec }) => (spec.volumes ?? []).some((volume) => volume.hostPath),
  },
  {
    level: 'baseline',
    message: 'sets a sysctl that is not safe (leave it out)',
    breaks: ({ spec }) => (spec.securityContext?.sysctls ?? []).some(({ name }) => !SAFE_SYSCTLS.includes(name)),
  },
  {
    level: 'baseline',
    message:
      'is not confined as by default (leave out seLinuxOptions, appArmorProfile, windowsOptions and annotations for AppArmor)',
    breaks: ({ spec, annotations }) =>
      isUnconfined(spec.securityContext ?? {}) ||
      Object.entries(annotations).some(
        ([key, value]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/') && value === 'unconfined',
      ),
  },
  {
    level: 'baseline',
    message: 'may use every system call (use seccompProfile RuntimeDefault)',
    breaks: ({ spec }) => spec.securityContext?.seccompProfile?.type === 'Unconfined',
  },
  {
    level: 'restricted',
    message: 'has a volume that is none of those allowed (use configMap, secret, emptyDir or a claim)',
    // What hostPath breaks is said above.
    breaks: ({ spec }) =>
      (spec.volumes ?? []).flatMap(sourcesOf).some((source) => source !== 'hostPath' && !VOLUMES.includes(source)),
  },
  {
    level: 'restricted',
    message: 'runs as root (set runAsNonRoot: true, and runAsUser to another than 0)',
    breaks: ({ spec: { securityContext = {} } }) =>
      securityContext.runAsNonRoot === false || securityContext.runAsUser === 0,
  },
];

const hosts = ({ startupProbe, readinessProbe, livenessProbe, lifecycle }: Container) =>
  [startupProbe, readinessProbe, livenessProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) => [
    handler?.httpGet?.host,
    handler?.tcpSocket?.host,
  ]);

/** Demands of every container, those that prepare included. */
export const CONTAINER_REQUIREMENTS: readonly Requirement<CheckedContainer>[] = [
  {
    level: 'baseline',
    message: 'is privileged (remove it)',
    breaks: ({ own }) => own.privileged === true,
  },
  {
    level: 'baseline',
    message: 'adds capabilities (remove them)',
    breaks: ({ own }) => (own.capabilities?.add ?? []).some((name) => !BASELINE_CAPABILITIES.includes(name)),
  },
  {
    level: 'baseline',
    message: 'takes a port of its node (remove hostPort)',
    breaks: ({ container }) => (container.ports ?? []).some(({ hostPort }) => hostPort),
  },
  {
    level: 'baseline',
    message: 'is probed at another host than its pod (remove host)',
    breaks: ({ container }) => hosts(container).some(Boolean),
  },
  {
    level: 'baseline',
    message: 'is not confined as by default (leave out seLinuxOptions, appArmorProfile, windowsOptions and procMount)',
    breaks: ({ own }) => isUnconfined(own) || (own.procMount ?? 'Default') !== 'Default',
  },
  {
    level: 'baseline',
    message: 'may use every system call (use seccompProfile RuntimeDefault)',
    breaks: ({ own }) => own.seccompProfile?.type === 'Unconfined',
  },
  {
    level: 'restricted',
    message: 'may get more rights than it has (set allowPrivilegeEscalation: false)',
    breaks: ({ own }) => own.allowPrivilegeEscalation !== false,
  },
  {
    level: 'restricted',
    message: 'may run as root (set runAsNonRoot: true, and runAsUser to another than 0)',
    breaks: ({ own, pod }) => (own.runAsNonRoot ?? pod.runAsNonRoot) !== true || own.runAsUser === 0,
  },
  {
    level: 'restricted',
    message: 'has no seccomp profile (use seccompProfile RuntimeDefault)',
    breaks: ({ own, pod }) => (own.seccompProfile ?? pod.seccompProfile)?.type === undefined,
  },
  {
    level: 'restricted',
    message: 'keeps capabilities (drop ALL, and add none)',
    breaks: ({ own: { capabilities: { drop = [], add = [] } = {} } }) =>
      !drop.includes('ALL') || add.some((name) => name !== 'NET_BIND_SERVICE' && BASELINE_CAPABILITIES.includes(name)),
  },
];
