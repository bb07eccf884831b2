import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';
import { type CheckedContainer, CONTAINER_REQUIREMENTS, type Level, POD_REQUIREMENTS } from './pod-security-standards';
import type { Rule, Violation } from './rule';
import { type MadePod, podsOf } from './workloads';

/** Every pod is let in by its namespace. */
export const podSecurity: Rule = {
  name: 'pod-security',
  reason:
    'the namespace lets no such pod in: the object is applied, and its pods never come; namespace.podSecurity says what it lets in',
  patched: 'issue',
  check: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    return podsOf(objects).flatMap((pod) => requirementViolations(pod, enforced));
  },
};

/** What every pod keeps to whatever its namespace demands: `restricted`, and more than that. */
export const hardenedPods: Rule = {
  name: 'hardened-pods',
  reason: 'whoever breaks into a pod can do more in it, and a scanner reports it',
  patched: 'allowed',
  check: (objects, environment) => {
    const enforced = enforcedLevels(objects, environment);
    // What is enforced is the other rule's.
    const promised = (['baseline', 'restricted'] as const).filter((level) => !enforced.includes(level));
    return podsOf(objects).flatMap((pod) => [...requirementViolations(pod, promised), ...hardening(pod)]);
  },
};

/** The levels whose demands keep a pod out, by the label of the Namespace; where somebody else makes it, as we are told. */
function enforcedLevels(objects: readonly Manifest[], { namespace }: ResolvedEnvironment): readonly Level[] {
  const object = objects.find(({ kind }) => kind === 'Namespace');
  const level = object ? object.metadata.labels?.['pod-security.kubernetes.io/enforce'] : namespace.podSecurity;
  if (level === 'restricted') return ['baseline', 'restricted'];
  return level === 'baseline' ? ['baseline'] : [];
}

function requirementViolations(made: MadePod, levels: readonly Level[]): Violation[] {
  const { object, metadata, spec } = made;
  const pod = { spec, annotations: metadata.annotations ?? {} };
  const demanded = ({ level }: { level: Level }) => levels.includes(level);
  return [
    ...POD_REQUIREMENTS.filter((demand) => demanded(demand) && demand.breaks(pod)).map(({ message }) => ({
      object,
      message: `has a pod that ${message}`,
    })),
    ...checkedContainers(made).flatMap((container) =>
      CONTAINER_REQUIREMENTS.filter((demand) => demanded(demand) && demand.breaks(container)).map(({ message }) => ({
        object,
        message: `container ${container.container.name} ${message}`,
      })),
    ),
  ];
}

const checkedContainers = ({ spec, containers }: MadePod): CheckedContainer[] =>
  containers.map((container) => ({
    container,
    own: container.securityContext ?? {},
    pod: spec.securityContext ?? {},
  }));

/** Users and groups from here on are nobody on a node. */
const LOWEST_ID = 10_000;
const isLow = (id: number | undefined) => id === undefined || id < LOWEST_ID;

/** Said for each container, since some scanners look at nothing else. */
const HARDENING: readonly { readonly message: string; breaks(container: CheckedContainer): boolean }[] = [
  {
    message: 'may write to its root file system (set readOnlyRootFilesystem: true)',
    breaks: ({ own }) => own.readOnlyRootFilesystem !== true,
  },
  {
    message: 'has a user or group of the node (set runAsUser and runAsGroup to 10000 or more)',
    breaks: ({ own }) => isLow(own.runAsUser) || isLow(own.runAsGroup),
  },
  {
    message: 'leaves it to its pod not to run as root (set runAsNonRoot: true)',
    breaks: ({ own, pod }) => own.runAsNonRoot === undefined && pod.runAsNonRoot === true,
  },
  {
    message: 'has another seccomp profile than the usual (use seccompProfile RuntimeDefault)',
    breaks: ({ own, pod }) => {
      const given = own.seccompProfile ?? pod.seccompProfile;
      return given?.type === 'Localhost' || (given !== undefined && own.seccompProfile === undefined);
    },
  },
  {
    message: 'adds a capability (remove it)',
    breaks: ({ own }) => own.capabilities?.add?.includes('NET_BIND_SERVICE') === true,
  },
];

function hardening(made: MadePod): Violation[] {
  const { object, spec } = made;
  const groups = [spec.securityContext?.fsGroup, ...(spec.securityContext?.supplementalGroups ?? [])];
  const low = groups.some((id) => id !== undefined && id < LOWEST_ID);
  return [
    ...(low ? [{ object, message: 'has a pod with a group of the node (set fsGroup to 10000 or more)' }] : []),
    ...checkedContainers(made).flatMap((container) =>
      HARDENING.filter(({ breaks }) => breaks(container)).map(({ message }) => ({
        object,
        message: `container ${container.container.name} ${message}`,
      })),
    ),
  ];
}
