import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import type { Instance } from '../shared/instance';
import type { FileSource } from '../shared/mounted-files';

/** What the policy is created from. */
export interface BackendTlsPolicyProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly ca: FileSource;
  /** The name in the certificate of the pods. */
  readonly host: string;
}

/**
 * The fields of a BackendTLSPolicy that are used here.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy
 */
interface BackendTlsPolicySpec {
  readonly targetRefs: readonly { readonly group: ''; readonly kind: 'Service'; readonly name: string }[];
  readonly validation: {
    readonly hostname: string;
    readonly caCertificateRefs: readonly {
      readonly group: '';
      readonly kind: 'ConfigMap' | 'Secret';
      readonly name: string;
    }[];
  };
}

/** The key of the ConfigMap or Secret that every Gateway reads. */
export const POLICY_CA_KEY = 'ca.crt';

/** Has a Gateway speak TLS to the pods, and verifies their certificate. */
export class BackendTlsPolicy extends Construct {
  readonly policy: ApiObject;

  constructor(scope: Construct, id: string, { instance, ca, host }: BackendTlsPolicyProps) {
    super(scope, id);
    const { secret, configMap = '' } = ca;
    const source = secret
      ? ({ kind: 'Secret', name: secret } as const)
      : ({ kind: 'ConfigMap', name: configMap } as const);
    const spec: BackendTlsPolicySpec = {
      targetRefs: [{ group: '', kind: 'Service', name: instance.name }],
      validation: { hostname: host, caCertificateRefs: [{ group: '', ...source }] },
    };
    this.policy = new ApiObject(this, 'BackendTLSPolicy', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: objectMetadata(instance, 'server'),
      spec,
    });
  }
}
