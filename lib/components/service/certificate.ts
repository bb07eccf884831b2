import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { notEmptyList, objectMetadata } from '../../kubernetes/metadata';
import type { Instance } from '../shared/instance';
import type { ServiceTls } from './resolve';

/** What the Certificate is created from. */
export interface CertificateProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly tls: ServiceTls & { readonly issuer: string };
  /** The names and addresses of the Service. */
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * The fields of a Certificate that are used here.
 *
 * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
 */
interface CertificateSpec {
  readonly secretName: string;
  readonly issuerRef: { readonly group: string; readonly kind: string; readonly name: string };
  readonly dnsNames: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly privateKey: { readonly algorithm: 'ECDSA'; readonly size: 256; readonly rotationPolicy: 'Always' };
  readonly usages: readonly string[];
  readonly revisionHistoryLimit: number;
}

/** The certificate of the server, which cert-manager issues, renews and keeps in a Secret. */
export class Certificate extends Construct {
  readonly certificate: ApiObject;

  constructor(scope: Construct, id: string, { instance, tls, dnsNames, ipAddresses }: CertificateProps) {
    super(scope, id);
    const spec: CertificateSpec = {
      secretName: tls.secret,
      issuerRef: { group: 'cert-manager.io', kind: tls.issuerKind, name: tls.issuer },
      dnsNames,
      ipAddresses: notEmptyList([...ipAddresses]),
      // Always is the default only since cert-manager 1.18.
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['digital signature', 'server auth'],
      revisionHistoryLimit: 1,
    };
    this.certificate = new ApiObject(this, 'Certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: objectMetadata(instance, 'server'),
      spec,
    });
  }
}
