import type { ResolvedEnvironment } from '../../../environment/resolved-environment';
import type { Advice } from '../../../input/issue';
import type { Manifest } from '../../manifest';
import { type AdvisedViolation, advisedRule } from '../rule';
import { type CreatedPod, podsOf } from '../workloads';
import { type CheckedContainer, CONTAINER_REQUIREMENTS, type Level, POD_REQUIREMENTS } from './pod-security-standards';

/** Every pod satisfies the Pod Security level of its namespace. */
export const podSecurity = advisedRule({
  name: 'pod-security',
  reason:
    'the namespace rejects such pods: the object is applied, but its pods are never created (namespace.podSecurity is the level)',
  patched: 'issue',
  find: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    return podsOf(objects).flatMap((pod) => requirementViolations(pod, enforced));
  },
});

/** Every pod satisfies level `restricted` and some further hardening, whatever its namespace enforces. */
export const hardenedPods = advisedRule({
  name: 'hardened-pods',
  reason: 'an attacker in the pod can do more, and scanners report it',
  patched: 'allowed',
  find: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    // The enforced levels are checked by the other rule.
    const promised = (['baseline', 'restricted'] as const).filter((level) => !enforced.includes(level));
    return podsOf(objects).flatMap((pod) => [...requirementViolations(pod, promised), ...hardening(pod)]);
  },
});

/** The enforced levels: by the label of the Namespace, or as the environment says if an external system creates it. */
function enforcedLevels(objects: readonly Manifest[], { namespace }: ResolvedEnvironment): readonly Level[] {
  const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace.name);
  const level = object ? object.metadata.labels?.['pod-security.kubernetes.io/enforce'] : namespace.podSecurity;
  if (level === 'restricted') return ['baseline', 'restricted'];
  return level === 'baseline' ? ['baseline'] : [];
}

function requirementViolations(made: CreatedPod, levels: readonly Level[]): AdvisedViolation[] {
  const { object, metadata, spec } = made;
  const pod = { spec, annotations: metadata.annotations ?? {} };
  const applies = ({ level }: { level: Level }) => levels.includes(level);
  return [
    ...POD_REQUIREMENTS.filter((each) => applies(each) && each.isViolatedBy(pod)).map(({ what, fix }) => ({
      object,
      what: `has a pod that ${what}`,
      fix,
    })),
    ...checkedContainers(made).flatMap((container) =>
      CONTAINER_REQUIREMENTS.filter((each) => applies(each) && each.isViolatedBy(container)).map(({ what, fix }) => ({
        object,
        what: `container ${container.container.name} ${what}`,
        fix,
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
const HARDENING: readonly (Advice & { isViolatedBy(container: CheckedContainer): boolean })[] = [
  {
    what: 'can write to its root file system',
    fix: 'set readOnlyRootFilesystem: true',
    isViolatedBy: ({ own }) => own.readOnlyRootFilesystem !== true,
  },
  {
    what: 'may have a user or group of the node',
    fix: 'set runAsUser and runAsGroup to 10000 or more',
    isViolatedBy: ({ own }) => isLow(own.runAsUser) || isLow(own.runAsGroup),
  },
  {
    what: 'relies on runAsNonRoot of its pod',
    fix: 'set runAsNonRoot: true',
    isViolatedBy: ({ own, pod }) => own.runAsNonRoot === undefined && pod.runAsNonRoot === true,
  },
  {
    what: 'does not set seccompProfile RuntimeDefault itself',
    fix: 'set it',
    isViolatedBy: ({ own, pod }) => {
      const given = own.seccompProfile ?? pod.seccompProfile;
      return given?.type === 'Localhost' || (given !== undefined && own.seccompProfile === undefined);
    },
  },
  {
    what: 'adds a capability',
    fix: 'remove it',
    isViolatedBy: ({ own }) => own.capabilities?.add?.includes('NET_BIND_SERVICE') === true,
  },
];

function hardening(made: CreatedPod): AdvisedViolation[] {
  const { object, spec } = made;
  const groups = [spec.securityContext?.fsGroup, ...(spec.securityContext?.supplementalGroups ?? [])];
  const low = groups.some((id) => id !== undefined && id < LOWEST_ID);
  return [
    ...(spec.shareProcessNamespace
      ? [
          {
            object,
            what: 'has a pod whose containers see the processes and variables of each other',
            fix: 'remove shareProcessNamespace',
          },
        ]
      : []),
    ...(low ? [{ object, what: 'has a pod with a group of the node', fix: 'set fsGroup to 10000 or more' }] : []),
    ...checkedContainers(made).flatMap((container) =>
      HARDENING.filter(({ isViolatedBy }) => isViolatedBy(container)).map(({ what, fix }) => ({
        object,
        what: `container ${container.container.name} ${what}`,
        fix,
      })),
    ),
  ];
}
