import { Construct } from 'constructs';
import { notEmpty, objectLabels, objectMetadata, type Role, selectorLabels } from '../../kubernetes/metadata';
import {
  type Container,
  IntOrString,
  KubeService,
  KubeServiceAccount,
  KubeStatefulSet,
  type PodSpec,
  Quantity,
  type Volume,
} from '../../kubernetes/objects';
import { accountBasics, containerSecurity, podBasics, resourceRequirements } from '../../kubernetes/pod';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import type { StoreSettings } from './embedded';
import type { Instance } from './instance';
import { awaitingSealed } from './sealed-state';

/** What an embedded store is created from. */
export interface EmbeddedStoreProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The role of the store, which its pods' label names. */
  readonly role: Role;
  /** Name of the Service and of every other object of the store. */
  readonly name: string;
  readonly settings: StoreSettings;
  readonly port: { readonly name: string; readonly number: number };
  /** The command of the init container, in the same image and with the same mounts. */
  readonly prepare?: Pick<Container, 'name' | 'command' | 'env'>;
  /** The program itself. */
  readonly container: Omit<Container, 'image' | 'ports' | 'resources' | 'securityContext'>;
  /** Volumes besides `data`. */
  readonly volumes: readonly Volume[];
  /** Annotations of the pod: a changed one restarts it. */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** The environment's SealedSecrets: the pod is replaced when one that it reads changes. */
  readonly sealedSecrets: readonly SealedSecret[];
  /** Seconds that the program may take to shut down. */
  readonly gracePeriod: number;
}

/** One pod that keeps its data on a claim, and the Service that leads to it. */
export class EmbeddedStore extends Construct {
  constructor(scope: Construct, id: string, props: EmbeddedStoreProps) {
    super(scope, id);
    const { role, name, settings, port } = props;
    const instance = { ...props.instance, version: settings.version };
    const { placement } = instance;
    const labels = selectorLabels(instance, role);
    const metadata = objectMetadata(instance, role, name);
    const common = {
      image: settings.image,
      imagePullPolicy: placement.pullPolicy,
      resources: resourceRequirements(settings.resources),
      securityContext: containerSecurity,
      volumeMounts: props.container.volumeMounts,
    };

    new KubeServiceAccount(this, 'ServiceAccount', { metadata, ...accountBasics(placement) });

    new KubeService(this, 'Service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: labels,
        ports: [{ name: port.name, port: port.number, protocol: 'TCP', targetPort: IntOrString.fromString(port.name) }],
      },
    });

    const spec: PodSpec = {
      ...podBasics(name, placement),
      terminationGracePeriodSeconds: props.gracePeriod,
      initContainers: props.prepare ? [{ ...common, ...props.prepare }] : undefined,
      containers: [
        {
          ...common,
          ...props.container,
          ports: [{ name: port.name, containerPort: port.number, protocol: 'TCP' }],
        },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: settings.claim.name } },
        { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
        ...props.volumes,
      ],
    };

    // A StatefulSet starts no second pod before the first has terminated. A Deployment would, for a deleted pod, and
    // two programs would write to one volume.
    new KubeStatefulSet(this, 'StatefulSet', {
      metadata,
      spec: {
        replicas: 1,
        serviceName: name,
        // With the default order a pod that never became ready would have to be deleted by hand before a repair
        // arrives.
        podManagementPolicy: 'Parallel',
        revisionHistoryLimit: 5,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: objectLabels(instance, role),
            annotations: notEmpty({
              ...instance.annotations,
              ...props.podAnnotations,
            }),
          },
          spec: awaitingSealed(instance.namespace, spec, props.sealedSecrets),
        },
      },
    });
  }
}
