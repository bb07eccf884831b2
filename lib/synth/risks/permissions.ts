import type { ObjectRiskCheck } from './object-risk';

interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Verbs by which an account gets permissions that it does not have. */
const ESCALATING = ['*', 'escalate', 'bind', 'impersonate'];

/** Verbs that read or delete objects whatever names a rule has. */
const BULK = ['list', 'watch', 'deletecollection'];

/** What runs code as any account of the namespace, or gives a token or permissions of one. */
const POWERFUL =
  /^(pods\/(exec|attach|portforward|proxy|ephemeralcontainers)|serviceaccounts\/token|(cluster)?role(binding)?s|nodes\/proxy)$/;

/** What creates pods, which can mount every Secret of their namespace. */
const CREATES_PODS = /^(pods|replicationcontrollers|deployments|daemonsets|statefulsets|replicasets|jobs|cronjobs)$/;

/** Roles whose account can do more than the programs of the pods need. */
export const wideRoles: ObjectRiskCheck = (objects) =>
  objects.flatMap((object) => {
    if (!['Role', 'ClusterRole'].includes(object.kind)) return [];
    return ((object.rules ?? []) as readonly RoleRule[]).flatMap((rule) => {
      const { apiGroups = [], resources = [], resourceNames = [], verbs = [] } = rule;
      const isEvery = resourceNames.length === 0 && verbs.some((verb) => verb !== 'create');
      const isWide =
        [...apiGroups, ...resources].includes('*') ||
        verbs.some((verb) => ESCALATING.includes(verb)) ||
        (resources.includes('secrets') && (isEvery || verbs.some((verb) => BULK.includes(verb)))) ||
        resources.some((resource) => POWERFUL.test(resource)) ||
        (resources.some((resource) => CREATES_PODS.test(resource)) && verbs.includes('create'));
      const what = `allows ${verbs.join(', ')} on ${resources.join(', ')}, which no program needs`;
      return isWide ? [{ object, risk: 'weak-pods' as const, what, fix: 'name single resources and verbs' }] : [];
    });
  });

interface Binding {
  readonly roleRef?: { readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

/** Bindings that give an account of the output more than its own Role, or a Role of the output to others. */
export const wideBindings: ObjectRiskCheck = (objects) =>
  objects.flatMap((object) => {
    if (!['RoleBinding', 'ClusterRoleBinding'].includes(object.kind)) return [];
    const { roleRef, subjects = [] } = object as Binding;
    const isOwn = (kind = '', name = '', namespace = kind === 'ClusterRole' ? undefined : object.metadata.namespace) =>
      objects.some(
        ({ kind: own, metadata }) => own === kind && metadata.name === name && metadata.namespace === namespace,
      );
    const role = isOwn(roleRef?.kind, roleRef?.name) ? [] : [`${roleRef?.kind} ${roleRef?.name}`];
    const others = subjects.filter(({ kind, name, namespace }) => !isOwn(kind, name, namespace));
    const named = [...role, ...others.map(({ kind, name }) => `${kind} ${name}`)];
    const what = `binds ${named.join(', ')}, whose permissions no program needs`;
    return named.length > 0
      ? [{ object, risk: 'weak-pods' as const, what, fix: 'name what the manifests contain' }]
      : [];
  });
