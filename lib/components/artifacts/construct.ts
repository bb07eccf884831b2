import { Construct } from 'constructs';
import type { DeepReadonly, ResolvedEnvironment, StoreSettings } from '../../environment/resolved-environment';
import type { Instance } from '../../kubernetes/metadata';
import { IntOrString } from '../../kubernetes/objects';
import { environmentVariables, type Placement } from '../../kubernetes/pod';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import { OBJECT_STORE_PORT } from '../shared/constants';
import { objectStoreName } from '../shared/embedded';
import { EmbeddedStore } from '../shared/embedded-store';

/** What the embedded object store is made from. */
export interface ObjectStoreProps {
  readonly instance: Instance;
  readonly s3: ResolvedEnvironment['artifacts']['s3'];
  readonly settings: DeepReadonly<StoreSettings>;
  readonly placement: Placement;
  readonly sealedSecrets: readonly SealedSecret[];
}

/** An S3 store of the instance's own (versitygw): one pod, one claim, where every object is a file. */
export class ObjectStore extends Construct {
  constructor(scope: Construct, id: string, { instance, s3, settings, placement, sealedSecrets }: ObjectStoreProps) {
    super(scope, id);
    const { secret, accessKeyIdKey, secretAccessKeyKey } = s3.credentials;
    const port = IntOrString.fromString('s3');
    new EmbeddedStore(this, 'Store', {
      instance,
      component: 'object-store',
      name: objectStoreName(instance.name),
      settings,
      placement,
      sealedSecrets,
      port: { name: 's3', number: OBJECT_STORE_PORT },
      gracePeriod: 60,
      container: {
        name: 'versitygw',
        // Arguments alone: releases of the image have the program at different places.
        args: [
          `--port=:${OBJECT_STORE_PORT}`,
          `--region=${s3.region}`,
          '--health=/healthz',
          '--quiet',
          'posix',
          '/data',
        ],
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
