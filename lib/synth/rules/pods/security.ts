import type { ResolvedEnvironment } from '../../../environment/resolved-environment';
import type { Manifest } from '../../manifest';
import type { Rule, Violation } from '../rule';
import { type CreatedPod, podsOf } from '../workloads';
import { type CheckedContainer, CONTAINER_REQUIREMENTS, type Level, POD_REQUIREMENTS } from './pod-security-standards';

/** Every pod satisfies the Pod Security level of its namespace. */
export const podSecurity: Rule = {
  name: 'pod-security',
  reason:
    'the namespace rejects such pods: the object is applied, but its pods are never created (namespace.podSecurity is the level)',
  patched: 'issue',
  check: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    return podsOf(objects).flatMap((pod) => requirementViolations(pod, enforced));
  },
};

/** Every pod satisfies level `restricted` and some further hardening, whatever its namespace enforces. */
export const hardenedPods: Rule = {
  name: 'hardened-pods',
  reason: 'an attacker in the pod can do more, and scanners report it',
  patched: 'allowed',
  check: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    // The enforced levels are checked by the other rule.
    const promised = (['baseline', 'restricted'] as const).filter((level) => !enforced.includes(level));
    return podsOf(objects).flatMap((pod) => [...requirementViolations(pod, promised), ...hardening(pod)]);
  },
};

/** The enforced levels: by the label of the Namespace, or as the environment says if an external system creates it. */
function enforcedLevels(objects: readonly Manifest[], { namespace }: ResolvedEnvironment): readonly Level[] {
  const object = objects.find(({ kind }) => kind === 'Namespace');
  const level = object ? object.metadata.labels?.['pod-security.kubernetes.io/enforce'] : namespace.podSecurity;
  if (level === 'restricted') return ['baseline', 'restricted'];
  return level === 'baseline' ? ['baseline'] : [];
}

function requirementViolations(made: CreatedPod, levels: readonly Level[]): Violation[] {
  const { object, metadata, spec } = made;
  const pod = { spec, annotations: metadata.annotations ?? {} };
  const applies = ({ level }: { level: Level }) => levels.includes(level);
  return [
    ...POD_REQUIREMENTS.filter((each) => applies(each) && each.isViolatedBy(pod)).map(({ message }) => ({
      object,
      message: `has a pod that ${message}`,
    })),
    ...checkedContainers(made).flatMap((container) =>
      CONTAINER_REQUIREMENTS.filter((each) => applies(each) && each.isViolatedBy(container)).map(({ message }) => ({
        object,
        message: `container ${container.container.name} ${message}`,
      })),
    ),
  ];
}

const checkedContainers = ({ spec, containers }: CreatedPod): CheckedContainer[] =>
  containers.map((container) => ({
    container,
    own: container.securityContext ?? {},
    pod: spec.securityContext ?? {},
  }));

/** Users and groups from here on do not exist on a node. */
const LOWEST_ID = 10_000;
const isLow = (id: number | undefined) => id === undefined || id < LOWEST_ID;

/** Required of each container itself, because some scanners ignore the pod's security context. */
const HARDENING: readonly { readonly message: string; isViolatedBy(container: CheckedContainer): boolean }[] = [
  {
    message: 'can write to its root file system (set readOnlyRootFilesystem: true)',
    isViolatedBy: ({ own }) => own.readOnlyRootFilesystem !== true,
  },
  {
    message: 'may have a user or group of the node (set runAsUser and runAsGroup to 10000 or more)',
    isViolatedBy: ({ own }) => isLow(own.runAsUser) || isLow(own.runAsGroup),
  },
  {
    message: 'relies on runAsNonRoot of its pod (set runAsNonRoot: true)',
    isViolatedBy: ({ own, pod }) => own.runAsNonRoot === undefined && pod.runAsNonRoot === true,
  },
  {
    message: 'does not set seccompProfile RuntimeDefault itself (set it)',
    isViolatedBy: ({ own, pod }) => {
      const given = own.seccompProfile ?? pod.seccompProfile;
      return given?.type === 'Localhost' || (given !== undefined && own.seccompProfile === undefined);
    },
  },
  {
    message: 'adds a capability (remove it)',
    isViolatedBy: ({ own }) => own.capabilities?.add?.includes('NET_BIND_SERVICE') === true,
  },
];

function hardening(made: CreatedPod): Violation[] {
  const { object, spec } = made;
  const groups = [spec.securityContext?.fsGroup, ...(spec.securityContext?.supplementalGroups ?? [])];
  const low = groups.some((id) => id !== undefined && id < LOWEST_ID);
  return [
    ...(spec.shareProcessNamespace
      ? [
          {
            object,
            message:
              'has a pod whose containers see the processes and variables of each other (remove shareProcessNamespace)',
          },
        ]
      : []),
    ...(low ? [{ object, message: 'has a pod with a group of the node (set fsGroup to 10000 or more)' }] : []),
    ...checkedContainers(made).flatMap((container) =>
      HARDENING.filter(({ isViolatedBy }) => isViolatedBy(container)).map(({ message }) => ({
        object,
        message: `container ${container.container.name} ${message}`,
      })),
    ),
  ];
}
