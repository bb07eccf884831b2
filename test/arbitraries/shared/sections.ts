import type { EnvironmentInput } from '../../../lib/environment/model';
import { type Optional, oneOf, pick, some } from './record';
import { key, objectName } from './values';

type Artifacts = Optional<EnvironmentInput['artifacts']>;
type Database = Optional<EnvironmentInput['database']>;
type Embedded = Optional<Database['embedded']> & Optional<Artifacts['embedded']>;
type CaCertificate = Optional<Optional<Database['tls']>['ca']>;

/** CPU and memory. */
export interface Amounts {
  cpu?: string | number;
  memory?: string | number;
}

/** CA certificates from a ConfigMap or a Secret. */
export const caCertificate = some<CaCertificate>({
  configMap: objectName,
  // Never one that is sealed: it would lack the key.
  secret: objectName.map((name) => `ca.${name}`),
  key,
}).map(oneOf<CaCertificate>('configMap', 'secret', { configMap: 'authorities' }));

/** An embedded store. Its requests are below every limit, the default ones too. */
export const embedded = (repository: string, name: string, ...tags: readonly string[]) =>
  some<Embedded>({
    image: some<Optional<Embedded['image']>>({
      repository: pick(`registry.example.com:5000/copies/${repository}`, `docker.io/library/${repository}`),
      tag: pick(...tags),
      digest: pick(`sha256:${'fedcba9876543210'.repeat(4)}`),
    }),
    storage: some<Optional<Embedded['storage']>>({
      name: pick(name),
      size: pick<string | number>('20Gi', '1.5Ti', 1e10),
      storageClass: objectName,
    }),
    resources: some<Optional<Embedded['resources']>>({
      requests: some<Amounts>({ cpu: pick<string | number>('25m', 0.05), memory: pick<string | number>('64Mi', 1e8) }),
      limits: some<Amounts>({
        cpu: pick<string | number>(1, '1500m', 0.5),
        memory: pick<string | number>('512Mi', '3Gi', 1e9, '700M'),
      }),
    }),
  });
