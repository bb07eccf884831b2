import type { Schema } from '../../lib/kubernetes/schema';
import { map, oneOf, text, texts } from './schema-parts';

/**
 * ExternalSecret, whose own definition is large. Generators and templates from other objects are not checked.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/config/crds/bases/external-secrets.io_externalsecrets.yaml
 */
export const EXTERNAL_SECRET: Schema = map({
  apiVersion: text,
  kind: text,
  spec: map({
    refreshPolicy: oneOf('CreatedOnce', 'OnChange', 'Periodic'),
    refreshInterval: text,
    secretStoreRef: map({ name: text, kind: oneOf('ClusterSecretStore', 'SecretStore') }),
    syncWindows: {},
    target: map({
      name: text,
      creationPolicy: oneOf('CreateOrMerge', 'Merge', 'None', 'Orphan', 'Owner'),
      deletionPolicy: oneOf('Delete', 'Merge', 'Retain'),
      immutable: { type: 'boolean' },
      manifest: {},
      template: map({
        data: texts,
        engineVersion: oneOf('v2'),
        mergePolicy: oneOf('Merge', 'Replace'),
        metadata: map({ annotations: texts, labels: texts, finalizers: { type: 'array', items: text } }),
        templateFrom: {},
        type: text,
      }),
    }),
    data: {
      type: 'array',
      items: map(
        {
          secretKey: text,
          sourceRef: {},
          remoteRef: map(
            {
              key: text,
              property: text,
              version: text,
              conversionStrategy: oneOf('Default', 'Unicode'),
              decodingStrategy: oneOf('Auto', 'Base64', 'Base64URL', 'None'),
              metadataPolicy: oneOf('Fetch', 'None'),
              nullBytePolicy: oneOf('Fail', 'Ignore'),
            },
            'key',
          ),
        },
        'remoteRef',
        'secretKey',
      ),
    },
    dataFrom: {},
  }),
});
