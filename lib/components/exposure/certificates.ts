import { z } from 'zod';
import { objectName } from '../../kubernetes/fields';

/** The kinds of issuers of cert-manager. */
const ISSUER_KINDS = ['ClusterIssuer', 'Issuer'] as const;

/** The keys that say which issuer of cert-manager signs a certificate. */
export const issuerFields = () => ({
  issuer: objectName().optional().describe('Issuer of cert-manager that signs the certificate and renews it.'),
  issuerKind: z.enum(ISSUER_KINDS).default('ClusterIssuer').describe('Kind of `issuer`.'),
});
