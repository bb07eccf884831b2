import { type Container, IntOrString, type Volume } from '../../../kubernetes/objects';
import { checksum, containerSecurity, resourceRequirements } from '../../../kubernetes/pod';
import { environmentVariables, type Variable } from '../../../kubernetes/variables';
import { PROXY_PORT } from '../../shared/constants';
import type { Instance } from '../../shared/instance';
import { fileMounts, fileVolumes } from '../../shared/mounted-files';
import { proxyPrefix } from './addresses';
import {
  CLIENT_SECRET_PATH,
  CONFIGURATION_FILE,
  CONFIGURATION_PATH,
  PROVIDER_CA_PATH,
  proxyConfiguration,
} from './configuration';
import { proxyVariables, type VariableSections } from './variables';

/** Name of the ConfigMap with the settings of the proxy. */
export const configurationName = (instance: string): string => `${instance}-oauth2-proxy`;

/** What a pod of the server has for single sign-on; nothing without it. */
export interface ProxyParts {
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  /** A pod is replaced when the settings of its proxy change. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The proxy through which all clients come. It is an init container that keeps running, so that it ends after the server
 * has: requests that still run then get their responses.
 *
 * @param further variables of the user that are for every program which connects to other hosts
 */
export function proxyParts(
  { placement, name }: Instance,
  environment: VariableSections,
  further: readonly Variable[],
): ProxyParts {
  const { oidc } = environment.auth;
  if (!oidc) return { containers: [], volumes: [], annotations: {} };
  const port = IntOrString.fromString('proxy');
  const certificates = [{ name: 'provider-ca', path: PROVIDER_CA_PATH, source: oidc.ca }];
  const container: Container = {
    name: 'oauth2-proxy',
    image: oidc.image,
    imagePullPolicy: placement.pullPolicy,
    restartPolicy: 'Always',
    args: [`--alpha-config=${CONFIGURATION_PATH}/${CONFIGURATION_FILE}`],
    env: environmentVariables([...proxyVariables(environment), ...further]),
    ports: [{ name: 'proxy', containerPort: PROXY_PORT, protocol: 'TCP' }],
    resources: resourceRequirements(oidc.resources),
    securityContext: containerSecurity,
    readinessProbe: {
      httpGet: { path: `${proxyPrefix(environment)}/ping`, port },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    livenessProbe: { tcpSocket: { port }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    volumeMounts: [
      { name: 'proxy-configuration', mountPath: CONFIGURATION_PATH, readOnly: true },
      { name: 'client-secret', mountPath: CLIENT_SECRET_PATH, readOnly: true },
      ...fileMounts(certificates),
    ],
  };
  const items = [{ key: oidc.clientSecretKey, path: oidc.clientSecretKey }];
  return {
    containers: [container],
    volumes: [
      { name: 'proxy-configuration', configMap: { name: configurationName(name) } },
      { name: 'client-secret', secret: { secretName: oidc.secret, items } },
      ...fileVolumes(certificates),
    ],
    annotations: { 'checksum/oauth2-proxy': checksum(proxyConfiguration(environment)) },
  };
}
