import type { ObjectRiskCheck } from './object-risk';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** From the strictest. */
const LEVELS: readonly string[] = ['restricted', 'baseline', 'privileged'];

/** Namespaces that enforce less than `namespace.podSecurity`. Without the label, Kubernetes enforces nothing. */
export const laxNamespaces: ObjectRiskCheck = (objects, { namespace }) =>
  objects
    .filter(({ kind }) => kind === 'Namespace')
    .flatMap((object) => {
      const level = object.metadata.labels?.[ENFORCE] ?? 'privileged';
      const isLax = LEVELS.indexOf(level) > LEVELS.indexOf(namespace.podSecurity);
      const what = `enforces Pod Security level ${level}, which is less than ${namespace.podSecurity}`;
      return isLax ? [{ object, risk: 'weak-pods' as const, what, fix: 'use namespace.podSecurity' }] : [];
    });
