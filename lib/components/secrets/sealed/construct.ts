import { Construct } from 'constructs';
import { SealedSecret as SealedSecretObject } from '../../../../imports/sealedsecrets-bitnami.com';
import { notEmpty, objectMetadata, secretLabels } from '../../../kubernetes/metadata';
import { sortKeys } from '../../../kubernetes/sort-keys';
import type { LocatedTexts, SealedSecret } from '../../../sealed-secrets/sealed-secret';
import type { Instance } from '../../shared/instance';
import { stateKey } from '../../shared/sealed-state';

/** What the SealedSecrets are created from. */
export interface SealedSecretsProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** As they are in the environment's file. */
  readonly secrets: readonly SealedSecret[];
}

/**
 * The environment's SealedSecrets, which the controller in the cluster decrypts: as they are in the file, with our
 * labels and a key that exists once the controller has done so.
 */
export class SealedSecrets extends Construct {
  constructor(scope: Construct, id: string, { instance, secrets }: SealedSecretsProps) {
    super(scope, id);
    for (const secret of secrets) {
      const { namespace, name, labels, annotations, encryptedData, template } = secret;
      const metadata = objectMetadata({ ...instance, namespace }, 'secrets', name, textsOf(annotations));
      new SealedSecretObject(this, `${namespace}--${name}`, {
        metadata: { ...metadata, labels: { ...textsOf(labels), ...metadata.labels } },
        spec: {
          encryptedData: sortKeys(textsOf(encryptedData)),
          template: {
            type: template.type?.value ?? 'Opaque',
            immutable: template.immutable,
            data: sortKeys({ ...textsOf(template.data), [stateKey(secret)]: 'true' }),
            metadata: {
              name,
              namespace,
              labels: sortKeys({ ...textsOf(template.labels), ...secretLabels(instance) }),
              // kubeseal also writes the annotation of the scope in both.
              annotations: notEmpty(sortKeys(textsOf(template.annotations))),
            },
          },
        },
      });
    }
  }
}

const textsOf = (placed: LocatedTexts): Record<string, string> =>
  Object.fromEntries([...placed].map(([key, { value }]) => [key, value]));
