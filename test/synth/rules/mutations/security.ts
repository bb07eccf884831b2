import { type Change, containers, objects, type Places, pods, set, within } from '../sets';
import { another, type Mutation, mutation, onAlone } from './mutation';

/** Mutations of what a pod may do. */

/** What keeps a pod out of a namespace of level baseline. */
const BASELINE: readonly (readonly [string, Places<Record<string, unknown>>, Change<Record<string, unknown>>])[] = [
  ['the network of the node', pods(), set('hostNetwork', true)],
  ['the processes of the node', pods(), set('hostPID', true)],
  ['the memory of the node', pods(), set('hostIPC', true)],
  ['a folder of the node', pods(), (pod) => (pod.volumes as object[]).push({ name: 'host', hostPath: { path: '/' } })],
  ['a sysctl', pods(), set('securityContext.sysctls', [{ name: 'kernel.msgmax', value: '65536' }])],
  ['another SELinux type of a pod', pods(), set('securityContext.seLinuxOptions', { type: 'spc_t' })],
  ['no AppArmor profile', pods(), set('securityContext.appArmorProfile', { type: 'Unconfined' })],
  ['every system call', pods(), set('securityContext.seccompProfile', { type: 'Unconfined' })],
  ['a privileged container', containers(), set('securityContext.privileged', true)],
  ['a capability', containers(), set('securityContext.capabilities.add', ['SYS_ADMIN'])],
  ['another /proc', containers(), set('securityContext.procMount', 'Unmasked')],
  ['every system call for one container', containers(), set('securityContext.seccompProfile', { type: 'Unconfined' })],
  ['a port of the node', within('Deployment', 'spec.template.spec.containers.*.ports.*'), set('hostPort', 5000)],
  [
    'a probe of another host',
    within('StatefulSet', 'spec.template.spec.containers.*.livenessProbe.tcpSocket'),
    set('host', '192.168.1.1'),
  ],
];

/** What keeps it out of one of level restricted. */
const RESTRICTED: typeof BASELINE = [
  ['rights that grow', containers(), set('securityContext.allowPrivilegeEscalation', undefined)],
  ['a user that may be root', containers(), set('securityContext.runAsNonRoot', false)],
  ['capabilities that were not dropped', containers(), set('securityContext.capabilities', { drop: ['NET_RAW'] })],
  ['a pod that may be root', pods(), set('securityContext.runAsNonRoot', false)],
  [
    'a volume of the network',
    pods(),
    (pod) => (pod.volumes as object[]).push({ name: 'nfs', nfs: { server: 'nas', path: '/' } }),
  ],
  [
    'no seccomp profile anywhere',
    pods(),
    (pod) => {
      set('securityContext.seccompProfile', undefined)(pod);
      for (const container of [...((pod.initContainers ?? []) as object[]), ...(pod.containers as object[])]) {
        set('securityContext.seccompProfile', undefined)(container as Record<string, unknown>);
      }
    },
  ],
];

const HARDENING: readonly Mutation[] = [
  mutation(
    'hardened-pods',
    'a root file system that can be written',
    containers(),
    set('securityContext.readOnlyRootFilesystem', undefined),
  ),
  mutation('hardened-pods', 'a user of the node', containers(), set('securityContext.runAsUser', 1000)),
  mutation('hardened-pods', 'a group of the node', containers(), set('securityContext.runAsGroup', undefined)),
  mutation('hardened-pods', 'processes that all containers see', pods(), set('shareProcessNamespace', true)),
  mutation('hardened-pods', 'a group of files of the node', pods(), set('securityContext.fsGroup', 0)),
  mutation(
    'hardened-pods',
    'a profile that the container leaves to its pod',
    containers(),
    set('securityContext.seccompProfile', undefined),
  ),
  mutation(
    'hardened-pods',
    'a profile of its own',
    containers(),
    set('securityContext.seccompProfile', { type: 'Localhost', localhostProfile: 'x' }),
  ),
  mutation(
    'hardened-pods',
    'the capability for low ports',
    containers(),
    set('securityContext.capabilities.add', ['NET_BIND_SERVICE']),
  ),
  mutation(
    'hardened-pods',
    'a container that leaves it to its pod not to be root',
    containers(),
    set('securityContext.runAsNonRoot', undefined),
  ),
];

/** All of these. */
export const SECURITY: readonly Mutation[] = [
  ...BASELINE.map(([name, places, change]) => mutation('pod-security', name, places, change)),
  ...BASELINE.slice(0, 5).map(([name, places, change]) =>
    mutation('pod-security', `${name}, at level baseline`, places, change, onAlone),
  ),
  ...RESTRICTED.map(([name, places, change]) => mutation('pod-security', name, places, change)),
  ...RESTRICTED.map(([name, places, change]) =>
    mutation('hardened-pods', `${name}, at level baseline`, places, change, onAlone),
  ),
  ...HARDENING,
  mutation(
    'tokens-need-rights',
    'a token without rights',
    pods('Deployment', 'StatefulSet', 'CronJob'),
    set('automountServiceAccountToken', true),
  ),
  mutation('tokens-need-rights', 'a token by default', pods(), set('automountServiceAccountToken', undefined)),
  mutation('tokens-need-rights', 'a token as a volume', pods('Deployment', 'StatefulSet'), (pod) =>
    (pod.volumes as object[]).push({ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }),
  ),
  mutation('tokens-need-rights', 'a token for the API server by its name', pods('Deployment'), (pod) =>
    (pod.volumes as object[]).push({
      name: 't',
      projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'https://kubernetes.default.svc' } }] },
    }),
  ),
  another('tokens-need-rights', 'a token whose rights are gone', (all) =>
    all.filter(({ kind }) => kind !== 'RoleBinding'),
  ),
  mutation(
    'images-are-pinned',
    'an image without a tag',
    containers(),
    set('image', 'registry.example.com:5000/mlflow'),
  ),
  ...['MLFLOW//x:::1', 'ghcr.io:443@sha256:1', 'mlflow:.1', 'ml..flow:1'].map((image) =>
    mutation('valid-images', `image ${image}`, containers(), set('image', image)),
  ),
  mutation('valid-images', 'no image', containers(), set('image', undefined), { also: ['images-are-pinned'] }),
  ...['latest', 'nightly-full', 'main'].map((tag) =>
    mutation('images-are-pinned', `an image ${tag}`, containers(), set('image', `mlflow:${tag}`)),
  ),
  another('pods-have-a-policy', 'policies that are missing', (all) =>
    all.filter(({ kind }) => kind !== 'NetworkPolicy'),
  ),
  mutation(
    'pods-have-a-policy',
    'a policy for one direction',
    objects('NetworkPolicy'),
    set('spec.policyTypes', ['Ingress']),
  ),
];
