import type { Advice } from '../../../input/issue';
import type { Container, PodSecurityContext, PodSpec, SecurityContext, Volume } from '../../../kubernetes/objects';

/**
 * The requirements of the Pod Security Standards, as the admission plugin of Kubernetes 1.34 checks them, for Linux.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */

/** A level of the standards with requirements; `privileged` has none. */
export type Level = 'baseline' | 'restricted';

/** A requirement of a pod or of a container. */
export interface Requirement<T> extends Advice {
  readonly level: Level;
  isViolatedBy(value: T): boolean;
}

/** A pod of the output, where some fields have the names of Kubernetes and not those of cdk8s. */
export interface CheckedPod {
  readonly spec: PodSpec & { readonly hostPID?: boolean; readonly hostIPC?: boolean };
  readonly annotations: Readonly<Record<string, string>>;
}

/** A container with the security context of its pod, which applies where its own sets nothing. */
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

/** The settings of confinement that both pods and containers have. */
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

/** Requirements of a pod as a whole. */
export const POD_REQUIREMENTS: readonly Requirement<CheckedPod>[] = [
  {
    level: 'baseline',
    what: 'shares namespaces of its node',
    fix: 'remove hostNetwork, hostPID and hostIPC',
    isViolatedBy: ({ spec: { hostNetwork, hostPID, hostIPC } }) => [hostNetwork, hostPID, hostIPC].includes(true),
  },
  {
    level: 'baseline',
    what: 'mounts a directory of its node',
    fix: 'use a volume other than hostPath',
    isViolatedBy: ({ spec }) => (spec.volumes ?? []).some((volume) => volume.hostPath),
  },
  {
    level: 'baseline',
    what: 'sets an unsafe sysctl',
    fix: 'remove it',
    isViolatedBy: ({ spec }) => (spec.securityContext?.sysctls ?? []).some(({ name }) => !SAFE_SYSCTLS.includes(name)),
  },
  {
    level: 'baseline',
    what: 'weakens the default confinement',
    fix: 'remove seLinuxOptions, appArmorProfile, windowsOptions and annotations for AppArmor',
    isViolatedBy: ({ spec, annotations }) =>
      isUnconfined(spec.securityContext ?? {}) ||
      Object.entries(annotations).some(
        ([key, value]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/') && value === 'unconfined',
      ),
  },
  {
    level: 'baseline',
    what: 'can use every system call',
    fix: 'use seccompProfile RuntimeDefault',
    isViolatedBy: ({ spec }) => spec.securityContext?.seccompProfile?.type === 'Unconfined',
  },
  {
    level: 'restricted',
    what: 'has a volume of a forbidden type',
    fix: 'use configMap, secret, emptyDir or a claim',
    // hostPath is reported above.
    isViolatedBy: ({ spec }) =>
      (spec.volumes ?? []).flatMap(sourcesOf).some((source) => source !== 'hostPath' && !VOLUMES.includes(source)),
  },
  {
    level: 'restricted',
    what: 'can run as root',
    fix: 'set runAsNonRoot: true, and runAsUser to a value other than 0',
    isViolatedBy: ({ spec: { securityContext = {} } }) =>
      securityContext.runAsNonRoot === false || securityContext.runAsUser === 0,
  },
];

const hosts = ({ startupProbe, readinessProbe, livenessProbe, lifecycle }: Container) =>
  [startupProbe, readinessProbe, livenessProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) => [
    handler?.httpGet?.host,
    handler?.tcpSocket?.host,
  ]);

/** Requirements of every container, init containers included. */
export const CONTAINER_REQUIREMENTS: readonly Requirement<CheckedContainer>[] = [
  {
    level: 'baseline',
    what: 'is privileged',
    fix: 'remove it',
    isViolatedBy: ({ own }) => own.privileged === true,
  },
  {
    level: 'baseline',
    what: 'adds capabilities',
    fix: 'remove them',
    isViolatedBy: ({ own }) => (own.capabilities?.add ?? []).some((name) => !BASELINE_CAPABILITIES.includes(name)),
  },
  {
    level: 'baseline',
    what: 'uses a port of its node',
    fix: 'remove hostPort',
    isViolatedBy: ({ container }) => (container.ports ?? []).some(({ hostPort }) => hostPort),
  },
  {
    level: 'baseline',
    what: 'has a probe or hook for a host other than its pod',
    fix: 'remove host',
    isViolatedBy: ({ container }) => hosts(container).some(Boolean),
  },
  {
    level: 'baseline',
    what: 'weakens the default confinement',
    fix: 'remove seLinuxOptions, appArmorProfile, windowsOptions and procMount',
    isViolatedBy: ({ own }) => isUnconfined(own) || (own.procMount ?? 'Default') !== 'Default',
  },
  {
    level: 'baseline',
    what: 'can use every system call',
    fix: 'use seccompProfile RuntimeDefault',
    isViolatedBy: ({ own }) => own.seccompProfile?.type === 'Unconfined',
  },
  {
    level: 'restricted',
    what: 'can gain privileges',
    fix: 'set allowPrivilegeEscalation: false',
    isViolatedBy: ({ own }) => own.allowPrivilegeEscalation !== false,
  },
  {
    level: 'restricted',
    what: 'can run as root',
    fix: 'set runAsNonRoot: true, and runAsUser to a value other than 0',
    isViolatedBy: ({ own, pod }) => (own.runAsNonRoot ?? pod.runAsNonRoot) !== true || own.runAsUser === 0,
  },
  {
    level: 'restricted',
    what: 'has no seccomp profile',
    fix: 'use seccompProfile RuntimeDefault',
    isViolatedBy: ({ own, pod }) => (own.seccompProfile ?? pod.seccompProfile)?.type === undefined,
  },
  {
    level: 'restricted',
    what: 'keeps capabilities',
    fix: 'drop ALL, add none',
    isViolatedBy: ({ own: { capabilities: { drop = [], add = [] } = {} } }) =>
      !drop.includes('ALL') || add.some((name) => name !== 'NET_BIND_SERVICE' && BASELINE_CAPABILITIES.includes(name)),
  },
];
