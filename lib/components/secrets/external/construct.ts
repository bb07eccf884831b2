import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectMetadata, secretLabels } from '../../../kubernetes/metadata';
import type { RequiredSecret } from '../../shared/contributions/secret-keys';
import type { Instance } from '../../shared/instance';
import { type External, externalSecrets } from './references';

/** What the ExternalSecrets are created from. */
export interface ExternalSecretsProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly external: External;
  readonly requiredSecrets: readonly RequiredSecret[];
}

/**
 * The fields of an ExternalSecret that are used here; the whole type is a hundred times as long.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
interface ExternalSecretSpec {
  readonly refreshInterval: string;
  readonly secretStoreRef: { readonly name: string; readonly kind: 'ClusterSecretStore' | 'SecretStore' };
  readonly target: {
    readonly name: string;
    readonly creationPolicy: 'Owner' | 'Orphan' | 'Merge';
    readonly deletionPolicy: 'Retain' | 'Delete' | 'Merge';
    readonly template: {
      readonly engineVersion: 'v2';
      readonly mergePolicy: 'Replace';
      readonly type: string;
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    };
  };
  readonly data: readonly {
    readonly secretKey: string;
    readonly remoteRef: {
      readonly key: string;
      readonly property?: string;
      readonly version?: string;
      readonly conversionStrategy: 'Default';
      readonly decodingStrategy: 'None';
      readonly metadataPolicy: 'None';
    };
  }[];
}

/** An ExternalSecret for each Secret that the environment names, for the External Secrets operator. */
export class ExternalSecrets extends Construct {
  constructor(scope: Construct, id: string, { instance, external, requiredSecrets }: ExternalSecretsProps) {
    super(scope, id);
    const { refreshInterval, creationPolicy, deletionPolicy } = external;
    for (const { namespace, name, type, store, values } of externalSecrets(external, requiredSecrets)) {
      const spec: ExternalSecretSpec = {
        refreshInterval,
        secretStoreRef: { name: store.name, kind: store.kind },
        target: {
          name,
          creationPolicy,
          deletionPolicy,
          template: {
            engineVersion: 'v2',
            mergePolicy: 'Replace',
            type,
            metadata: { labels: secretLabels(instance) },
          },
        },
        data: values.map(({ secretKey, remote }) => ({
          secretKey,
          // The operator's defaults, which some of its releases write into the object, where Argo CD would see a drift.
          remoteRef: { ...remote, conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' },
        })),
      };
      new ApiObject(this, `${namespace}--${name}`, {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: objectMetadata({ ...instance, namespace }, 'secrets', name),
        spec,
      });
    }
  }
}
