import { z } from 'zod';
import { objectName } from '../../kubernetes/fields';
import { edgeFields, from } from '../exposure/section';
import { section } from '../shared/sections/fields';

const { host, path, port, annotations } = edgeFields();

/** A Route of OpenShift to the server. */
export const route = section({
  host,
  path,
  tls: section({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether clients speak TLS to the router. Requests without are redirected.'),
    secret: objectName()
      .optional()
      .describe(
        'Secret in the namespace with the certificate (`tls.crt`, `tls.key`), which the account of the router must be ' +
          'allowed to read. If unset, the default certificate of the router.',
      ),
  })
    .prefault({})
    .describe('TLS between clients and the router.'),
  port,
  from: from('the router of OpenShift'),
  annotations,
}).describe('A Route to the server, on OpenShift.');
