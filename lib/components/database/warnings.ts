import { type Issue, violatedChecks } from '../../input/issue';
import type { Database } from './resolve';
import { trustsPublicCas } from './variables';

/**
 * Hosts of Amazon RDS and Aurora, whose certificates are signed by CAs of their own. Those of an RDS Proxy are from AWS
 * Certificate Manager, whose CAs are public.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
 */
const RDS = /^(?!.*\.proxy-[a-z0-9]+\.).+\.rds\.(?:[-a-z0-9]+\.)?amazonaws\.com(?:\.cn)?\.?$/i;

/** What fails only in the cluster: no pod would connect. */
export const databaseWarnings = ({ database }: { readonly database: Database }): Issue[] =>
  violatedChecks([
    {
      path: ['database', 'tls', 'ca'],
      violated: trustsPublicCas(database) && RDS.test(database.host),
      message:
        'is missing, but Amazon RDS signs its certificates with CAs of its own, which are not among the public ones of the ' +
        'image (put the CA bundle of AWS into a ConfigMap, and name it here: ' +
        'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, and in China that of the region)',
    },
  ]);
