import { z } from 'zod';
import { annotations, labels, namespaceName, port } from '../../kubernetes/fields';
import { addressBlock, section } from '../shared/sections/fields';
import { hostName } from './host-name';

/** A path of a URL, without the slash at its end. */
export const PATH_PREFIX = /^(\/[-_.~a-zA-Z0-9]+)+$/;

/** The keys of every section that leads to the server from outside the cluster. */
export const edgeFields = () => ({
  host: hostName().describe(
    'Name of the server for people and programs outside the cluster: `mlflow.example.com`. MLflow accepts it as host ' +
      'and, with the scheme, as origin of its web page.',
  ),
  path: z
    .string()
    .refine(
      (path) => path === '/' || PATH_PREFIX.test(path),
      'must be / or a path without / at its end, such as /mlflow',
    )
    .optional()
    .meta({
      description: 'Path of the server. It is also the static prefix of MLflow, because paths are not rewritten.',
      derived: '`server.staticPrefix`, or `/`',
    }),
  port: port()
    .optional()
    .describe('Port that clients name, if it is not the usual one (443, or 80 without TLS), such as a NodePort.'),
  annotations: annotations().default({}).describe('Annotations of the object. They replace ours of the same name.'),
});

/** Further names, for kinds of objects that have several. */
export const additionalHosts = () =>
  z.array(hostName()).default([]).describe('Further names of the server, which serve the same.');

/**
 * Where the connections of a proxy come from.
 *
 * @param usual what the defaults depend on
 */
export const from = (usual: string) =>
  section({
    namespace: namespaceName()
      .optional()
      .meta({
        description: 'Namespace of the pods of the proxy.',
        derived: `the usual one of ${usual}; none if \`cidrs\` is all that is set`,
      }),
    labels: labels()
      .optional()
      .meta({ description: 'Labels of the pods of the proxy.', derived: `the usual ones of ${usual}` }),
    cidrs: z
      .array(addressBlock())
      .optional()
      .meta({
        description:
          'Address blocks of the proxy, if it is no pod, or a pod in the network of its node: then the addresses of nodes.',
        derived: `the usual ones of ${usual}`,
      }),
  })
    .prefault({})
    .describe('Where the connections of the proxy come from. The network policy allows these.');
