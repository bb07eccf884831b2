import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Instance, KEEP_ANNOTATIONS, objectMetadata } from '../../kubernetes/metadata';
import { KubeNamespace } from '../../kubernetes/objects';

/** What the namespace is made from. */
export interface NamespaceProps {
  readonly instance: Instance;
  readonly namespace: ResolvedEnvironment['namespace'];
}

/** The Namespace with the Pod Security level that it enforces. */
export class Namespace extends Construct {
  constructor(scope: Construct, id: string, { instance, namespace }: NamespaceProps) {
    super(scope, id);
    const { namespace: _, ...metadata } = objectMetadata(instance, 'namespace', namespace.name, KEEP_ANNOTATIONS);
    const levels = ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, namespace.podSecurity],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]);
    new KubeNamespace(this, 'Namespace', {
      metadata: { ...metadata, labels: { ...metadata.labels, ...Object.fromEntries(levels) } },
    });
  }
}
