import { z } from 'zod';
import { objectName } from '../../kubernetes/fields';
import { issuerFields } from '../exposure/certificates';
import { additionalHosts, edgeFields, from } from '../exposure/section';
import { section } from '../shared/sections/fields';
import { CONTROLLER_NAMES } from './controllers';

const { host, path, port, annotations } = edgeFields();

/** An Ingress to the server. */
export const ingress = section({
  host,
  additionalHosts: additionalHosts(),
  path,
  controller: z
    .enum(CONTROLLER_NAMES)
    .describe(
      'What serves the Ingress: it decides the annotations for large and slow uploads, the class, and whom the network ' +
        'policy admits. `haproxy` is the controller of HAProxy Technologies. With `other`, say these yourself.',
    ),
  className: objectName().optional().meta({
    description: 'IngressClass of the controller.',
    derived:
      "the usual one of `controller`, unless the annotation `kubernetes.io/ingress.class` says it; with `other` the cluster's own",
  }),
  port,
  tls: section({
    secret: objectName().optional().meta({
      description:
        'Secret in the namespace with the certificate (`tls.crt`, `tls.key`). With `issuer`, cert-manager creates it.',
      derived: '`NAME-ingress-tls` with `issuer`',
    }),
    ...issuerFields(),
    atBalancer: z
      .boolean()
      .default(false)
      .describe(
        'Whether the balancer or the controller has the certificate already: one of AWS Certificate Manager that it ' +
          'finds by the host, or the default certificate of the controller.',
      ),
  })
    .optional()
    .describe(
      'TLS between clients and the controller: a Secret, an issuer, or the balancer. If unset, logins are sent in plain text.',
    ),
  from: from('`controller`'),
  annotations,
}).describe('An Ingress to the server, for an ingress controller in the cluster or a load balancer of the cloud.');
