import type { ObjectRiskCheck } from './object-risk';

interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Verbs by which an account gets permissions that it does not have. */
const ESCALATING = ['*', 'escalate', 'bind', 'impersonate'];

/** Roles whose account can do more than the programs of the pods need. */
export const wideRoles: ObjectRiskCheck = (objects) =>
  objects.flatMap((object) => {
    if (!['Role', 'ClusterRole'].includes(object.kind)) return [];
    return ((object.rules ?? []) as readonly RoleRule[]).flatMap(({ apiGroups = [], resources = [], verbs = [] }) => {
      const isWide =
        [...apiGroups, ...resources].includes('*') ||
        verbs.some((verb) => ESCALATING.includes(verb)) ||
        (resources.includes('secrets') && verbs.some((verb) => ['list', 'watch', 'deletecollection'].includes(verb)));
      const what = `allows ${verbs.join(', ')} on ${resources.join(', ')}, which no program needs`;
      return isWide ? [{ object, risk: 'weak-pods' as const, what, fix: 'name single resources and verbs' }] : [];
    });
  });
