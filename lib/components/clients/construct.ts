import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { KubeConfigMap } from '../../kubernetes/objects';
import type { Instance } from '../shared/instance';
import type { Client } from './resolve';

/** What the objects in client namespaces are created from. */
export interface ClientsProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly clients: readonly Client[];
  /** The variables of MLflow's client. */
  readonly variables: Readonly<Record<string, string>>;
}

/** In each namespace that uses MLflow, a ConfigMap whose keys are the variables that MLflow's client reads. */
export class Clients extends Construct {
  constructor(scope: Construct, id: string, { instance, clients, variables }: ClientsProps) {
    super(scope, id);
    for (const { namespace, configMap } of clients) {
      new KubeConfigMap(this, namespace, {
        metadata: objectMetadata({ ...instance, namespace }, 'client', configMap),
        data: { ...variables },
      });
    }
  }
}
