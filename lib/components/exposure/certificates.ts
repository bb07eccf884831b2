import { z } from 'zod';
import { objectName } from '../../kubernetes/fields';

/** The kinds of issuers of cert-manager. */
const ISSUER_KINDS = ['ClusterIssuer', 'Issuer'] as const;

/** The annotations by which cert-manager finds the issuer of a certificate. It refuses an object with two of them. */
export const ISSUER_ANNOTATIONS: Readonly<Record<(typeof ISSUER_KINDS)[number], string>> = {
  ClusterIssuer: 'cert-manager.io/cluster-issuer',
  Issuer: 'cert-manager.io/issuer',
};

/** The keys that say which issuer of cert-manager signs a certificate. */
export const issuerFields = () => ({
  issuer: objectName().optional().describe('Issuer of cert-manager that signs the certificate and renews it.'),
  issuerKind: z.enum(ISSUER_KINDS).default('ClusterIssuer').describe('Kind of `issuer`.'),
});
