import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Component } from '../component';
import { appliedRisks } from '../shared/risks/risk';
import { Namespace } from './construct';
import { clusterDomain, namespace as section } from './section';

/** The section, which needs no further defaults. */
export type NamespaceSection = DeepReadonly<z.output<typeof section>>;

/** The resolved sections that the contributions of this component follow from. */
export interface Sections {
  readonly namespace: NamespaceSection;
  readonly clusterDomain: string;
}

/** The namespace of an instance. */
export const namespace = {
  sections: { namespace: section.prefault({}), clusterDomain: clusterDomain() },
  checks: ({ namespace: { create, name } }) => [
    {
      path: ['namespace', 'name'],
      violated: create && /^(default|kube-.*)$/.test(name),
      message: `is a system namespace (choose another, or set namespace.create: false)`,
    },
  ],
  resolve: ({ namespace: given, clusterDomain: domain }) => ({ namespace: given, clusterDomain: domain }),
  risks: ({ namespace: { podSecurity } }) =>
    appliedRisks([
      {
        path: ['namespace', 'podSecurity'],
        risk: 'weak-pods',
        applies: podSecurity === 'privileged',
        what: 'is privileged, so a pod in the namespace can take over its node, and no pod of the instance needs it',
        fix: 'use restricted',
      },
    ]),
  file: 'namespace',
  create: (scope, id, resolved, { instance }) => {
    const { create, podSecurity } = resolved.namespace;
    if (create) new Namespace(scope, id, { instance, podSecurity });
  },
} satisfies Component<Sections, Sections, Sections>;
