import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../mlflow/resolved-environment';
import { type Instance, KEEP_ANNOTATIONS, objectMetadata } from './instance';
import { KubePersistentVolumeClaim, Quantity } from './kubernetes';

/** What the claims are made from. */
export interface StorageProps {
  readonly instance: Instance;
  readonly storage: ResolvedEnvironment['storage'];
}

/** The volume claims. GitOps tools leave them alone when they are no longer in the output. */
export class Storage extends Construct {
  constructor(scope: Construct, id: string, { instance, storage }: StorageProps) {
    super(scope, id);
    const data = storage.data;
    if (!data) return;
    new KubePersistentVolumeClaim(this, 'Data', {
      metadata: objectMetadata(instance, 'storage', data.name, KEEP_ANNOTATIONS),
      spec: {
        accessModes: [data.accessMode],
        resources: { requests: { storage: Quantity.fromString(data.size) } },
        storageClassName: data.storageClass,
      },
    });
  }
}
