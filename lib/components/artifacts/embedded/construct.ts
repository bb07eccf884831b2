import { Construct } from 'constructs';
import { IntOrString } from '../../../kubernetes/objects';
import { environmentVariables } from '../../../kubernetes/variables';
import type { SealedSecret } from '../../../sealed-secrets/sealed-secret';
import { OBJECT_STORE_PORT } from '../../shared/constants';
import type { StoreSettings } from '../../shared/embedded';
import { EmbeddedStore } from '../../shared/embedded-store';
import type { Instance } from '../../shared/instance';
import type { S3Credentials } from '../s3/resolve';
import { objectStoreName } from './resolve';

/** What the embedded object store is created from. */
export interface ObjectStoreProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly region: string;
  /** The key that opens it. */
  readonly credentials: S3Credentials;
  readonly settings: StoreSettings;
  readonly sealedSecrets: readonly SealedSecret[];
}

/** An S3 store in the cluster, for one instance (versitygw): one pod, one claim, where every object is a file. */
export class ObjectStore extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { instance, region, credentials, settings, sealedSecrets }: ObjectStoreProps,
  ) {
    super(scope, id);
    const { secret, accessKeyIdKey, secretAccessKeyKey } = credentials;
    const port = IntOrString.fromString('s3');
    new EmbeddedStore(this, 'Store', {
      instance,
      role: 'object-store',
      name: objectStoreName(instance.name),
      settings,
      sealedSecrets,
      port: { name: 's3', number: OBJECT_STORE_PORT },
      gracePeriod: 60,
      container: {
        name: 'versitygw',
        // Only arguments: the path of the program differs between releases of the image.
        args: [`--port=:${OBJECT_STORE_PORT}`, `--region=${region}`, '--health=/healthz', '--quiet', 'posix', '/data'],
        env: environmentVariables([
          { name: 'ROOT_ACCESS_KEY', secret, key: accessKeyIdKey },
          { name: 'ROOT_SECRET_KEY', secret, key: secretAccessKeyKey },
        ]),
        startupProbe: { tcpSocket: { port }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 60 },
        readinessProbe: {
          httpGet: { path: '/healthz', port },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 3,
        },
        livenessProbe: { tcpSocket: { port }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
      volumes: [],
    });
  }
}
