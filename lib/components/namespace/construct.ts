import { Construct } from 'constructs';
import { KEEP_ANNOTATIONS, objectMetadata } from '../../kubernetes/metadata';
import { KubeNamespace } from '../../kubernetes/objects';
import type { Instance } from '../shared/instance';

/** What the namespace is created from. */
export interface NamespaceProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The Pod Security level that it enforces. */
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
}

/** The Namespace with the Pod Security level that it enforces. */
export class Namespace extends Construct {
  readonly namespace: KubeNamespace;

  constructor(scope: Construct, id: string, { instance, podSecurity }: NamespaceProps) {
    super(scope, id);
    const { namespace: _, ...metadata } = objectMetadata(instance, 'namespace', instance.namespace, KEEP_ANNOTATIONS);
    const levels = ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, podSecurity],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]);
    this.namespace = new KubeNamespace(this, 'Namespace', {
      metadata: { ...metadata, labels: { ...metadata.labels, ...Object.fromEntries(levels) } },
    });
  }
}
