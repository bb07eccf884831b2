import { z } from 'zod';
import { namespaceName, objectName, port as portNumber } from '../../kubernetes/fields';
import { additionalHosts, edgeFields, from } from '../exposure/section';
import { section } from '../shared/sections/fields';
import { GATEWAY_CONTROLLER_NAMES } from './controllers';

const { host, path, port, annotations } = edgeFields();

/** The grammar of durations of the Gateway API (GEP-2257). */
const DURATION = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;

/** A Gateway or one of its listeners. */
const parentRef = section({
  name: objectName().describe('Name of the Gateway.'),
  namespace: namespaceName().optional().meta({
    description: 'Namespace of the Gateway, which must allow routes from this one.',
    derived: '`namespace.name`',
  }),
  sectionName: objectName().optional().describe('Name of a listener. If unset, all that accept the host.'),
  port: portNumber().optional().describe('Port of a listener. If unset, any.'),
}).describe('A Gateway that leads to the server.');

/** A route of the Gateway API to the server. */
export const gateway = section({
  host,
  additionalHosts: additionalHosts(),
  path,
  parentRefs: z.array(parentRef).min(1).describe('The Gateways, which exist already, or some of their listeners.'),
  controller: z
    .enum(GATEWAY_CONTROLLER_NAMES)
    .describe('What runs the Gateway: it decides whom the network policy admits. With `other`, say it in `from`.'),
  scheme: z
    .enum(['https', 'http'])
    .default('https')
    .describe('How clients speak to the listeners. The Gateway has the certificate.'),
  port,
  timeout: z
    .string()
    .regex(DURATION, 'must be a duration such as 1h, or 0s for none')
    .default('0s')
    .describe(
      'Time for a whole request, with its upload or download; `0s` is none, and at Google an hour. Traefik and NGINX ' +
        'Gateway Fabric have no such setting in a route.',
    ),
  from: from('`controller`'),
  annotations,
}).describe('An HTTPRoute to the server, at a Gateway that exists already.');
