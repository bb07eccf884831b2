import { clientVariables } from '../../components/clients/variables';
import { outerUris } from '../../components/service/accepted';
import type { NamedEnvironment } from '../environments';

/** The port on the user's machine, as on all pages: on macOS, AirPlay uses 5000. */
const LOCAL_PORT = 5001;

/** How clients reach the server of an environment: from outside the cluster, and in it. */
export function explainClients({ name, environment }: NamedEnvironment): string[] {
  const outer = outerUris(environment);
  return [
    `# ${name}: outside the cluster`,
    ...(outer.length > 0
      ? outer.flatMap(({ page, uri, reason }) => [
          `# web page: ${page} (${reason})`,
          `export MLFLOW_TRACKING_URI=${uri}`,
        ])
      : [
          '# No key says how. By port forwarding:',
          `# kubectl -n ${environment.namespace.name} port-forward service/${environment.name} ${LOCAL_PORT}:${environment.service.port}`,
        ]),
    `# ${name}: in the cluster`,
    ...Object.entries(clientVariables(environment)).map(([variable, value]) => `export ${variable}=${value}`),
  ];
}
