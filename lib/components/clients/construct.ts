import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Instance, objectMetadata } from '../../kubernetes/metadata';
import { KubeConfigMap } from '../../kubernetes/objects';
import { clientVariables } from './variables';

/** What is given to client namespaces. */
export interface ClientsProps {
  readonly instance: Instance;
  readonly environment: ResolvedEnvironment;
}

/** In each namespace that uses MLflow, a ConfigMap whose keys are the variables that MLflow's client reads. */
export class Clients extends Construct {
  constructor(scope: Construct, id: string, { instance, environment }: ClientsProps) {
    super(scope, id);
    for (const { namespace, configMap } of environment.clients) {
      new KubeConfigMap(this, namespace, {
        metadata: objectMetadata({ ...instance, namespace }, 'client', configMap),
        data: clientVariables(environment),
      });
    }
  }
}
