import { describeGrammar, matches } from '../../../kubernetes/grammar';
import { objectNameGrammar } from '../../../kubernetes/names';
import { isClusterScoped } from '../../../kubernetes/scope';
import { groupOf, identity } from '../../manifest';
import type { Rule } from '../rule';

/** What the API server accepts for roles and bindings: a segment of a path. */
const RBAC_NAME = /^(?!\.{1,2}$)[^/%]+$/;

/** Names that the API server accepts. */
export const validNames: Rule = {
  name: 'valid-names',
  reason: 'the API server refuses an object with an invalid name, leaving the set partially applied',
  patched: 'issue',
  anyKind: true,
  check: (objects, _, __, added) =>
    objects.flatMap((object) => {
      const grammar = objectNameGrammar(object.kind);
      if (matches(grammar, object.metadata.name)) return [];
      // Ours are names that every tool accepts; others often contain a colon.
      if (
        added.has(object) &&
        groupOf(object) === 'rbac.authorization.k8s.io' &&
        RBAC_NAME.test(object.metadata.name)
      ) {
        return [];
      }
      return [{ object, message: `has an invalid name (use ${describeGrammar(grammar)})` }];
    }),
};

/** No object exists twice: the later one would silently win. */
export const uniqueObjects: Rule = {
  name: 'unique-objects',
  reason: 'with kubectl the later of two equal objects wins silently, and Flux refuses the whole set',
  patched: 'issue',
  anyKind: true,
  check: (objects) => {
    const seen = new Set<string>();
    return objects.flatMap((object) => {
      const key = identity(object);
      if (seen.has(key)) return [{ object, message: 'exists twice (rename one)' }];
      seen.add(key);
      return [];
    });
  },
};

/** Kinds that a client's namespace may contain: settings, a login, and permissions to create it. No pods. */
const CLIENT_KINDS = new Set(['ConfigMap', 'SealedSecret', 'ExternalSecret', 'Role', 'RoleBinding']);

/** Namespaced objects set the namespace of the instance or of a client; cluster-scoped objects set none. */
export const rightNamespaces: Rule = {
  name: 'right-namespaces',
  reason: 'an object without a namespace is created in whatever namespace kubectl is configured for',
  patched: 'issue',
  anyKind: true,
  check: (objects, { namespace, clients }, _, added) =>
    objects.flatMap((object) => {
      const given = object.metadata.namespace;
      const wanted = isClusterScoped(object) ? undefined : namespace.name;
      if (given === wanted) return [];
      if (CLIENT_KINDS.has(object.kind) && clients.some((client) => client.namespace === given)) return [];
      const fix = added.has(object)
        ? `remove metadata.namespace, for ${wanted}, or move it to a folder or a chart of its own`
        : `should be ${wanted}`;
      const message = wanted
        ? `is in namespace ${given ?? '(none)'} (${fix})`
        : 'has a namespace, but its kind is cluster-scoped (remove it)';
      return [{ object, message }];
    }),
};
