import { describeGrammar, matches } from '../../kubernetes/grammar';
import { objectNameGrammar } from '../../kubernetes/names';
import { describeManifest, identity } from '../manifest';
import type { Rule } from './rule';

/** Names that the API server takes. */
export const validNames: Rule = {
  name: 'valid-names',
  reason: 'the API server refuses an object with a bad name, and then half of the set is applied',
  patched: 'issue',
  check: (objects) =>
    objects.flatMap((object) => {
      const grammar = objectNameGrammar(object.kind);
      if (matches(grammar, object.metadata.name)) return [];
      return [{ object, message: `has an invalid name (use ${describeGrammar(grammar)})` }];
    }),
};

/** No object twice: the later one would silently win. */
export const uniqueObjects: Rule = {
  name: 'unique-objects',
  reason: 'with kubectl the later of two equal objects wins silently, and Flux refuses the whole set',
  patched: 'issue',
  check: (objects) => {
    const seen = new Set<string>();
    return objects.flatMap((object) => {
      const key = identity(object);
      if (seen.has(key)) return [{ object, message: `is there twice: ${describeManifest(object)} (rename one)` }];
      seen.add(key);
      return [];
    });
  },
};

const CLUSTER_KINDS = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass', 'StorageClass']);

/** What a client's namespace is given: settings, a login, and the right to put it there. Nothing that runs. */
const CLIENT_KINDS = new Set(['ConfigMap', 'SealedSecret', 'ExternalSecret', 'Role', 'RoleBinding']);

/** Namespaced objects say their namespace, the instance's or a client's; cluster objects have none. */
export const rightNamespaces: Rule = {
  name: 'right-namespaces',
  reason: 'an object without a namespace lands wherever the reader happens to be',
  patched: 'issue',
  check: (objects, { namespace, clients }) =>
    objects.flatMap((object) => {
      const given = object.metadata.namespace;
      const wanted = CLUSTER_KINDS.has(object.kind) ? undefined : namespace.name;
      if (given === wanted) return [];
      if (CLIENT_KINDS.has(object.kind) && clients.some((client) => client.namespace === given)) return [];
      const message = wanted
        ? `is in namespace ${given ?? '(none)'} (should be ${wanted})`
        : 'has a namespace, but its kind belongs to the cluster (remove it)';
      return [{ object, message }];
    }),
};
