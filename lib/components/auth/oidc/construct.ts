import { Construct } from 'constructs';
import { objectMetadata, PROGRAM_ANNOTATIONS } from '../../../kubernetes/metadata';
import { KubeConfigMap } from '../../../kubernetes/objects';
import type { Instance } from '../../shared/instance';
import { CONFIGURATION_FILE, type ProxySections, proxyConfiguration } from './configuration';
import { configurationName } from './sidecar';

/** What the settings of the proxy are created from. */
export interface ProxyConfigurationProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly environment: ProxySections;
}

/** The settings of the proxy for single sign-on, of which none is secret. */
export class ProxyConfiguration extends Construct {
  constructor(scope: Construct, id: string, { instance, environment }: ProxyConfigurationProps) {
    super(scope, id);
    new KubeConfigMap(this, 'ConfigMap', {
      metadata: objectMetadata(instance, 'server', configurationName(instance.name), PROGRAM_ANNOTATIONS),
      data: { [CONFIGURATION_FILE]: proxyConfiguration(environment) },
    });
  }
}
