import { Construct } from 'constructs';
import { objectLabels, objectMetadata, selectorLabels } from '../../kubernetes/metadata';
import {
  type DeploymentStrategy,
  IntOrString,
  KubeDeployment,
  KubePodDisruptionBudget,
  KubeServiceAccount,
  type PodSpec,
} from '../../kubernetes/objects';
import { accountBasics } from '../../kubernetes/pod';
import { sortKeys } from '../../kubernetes/sort-keys';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import { artifactStore } from '../artifacts/stores';
import { proxyParts } from '../auth/oidc/sidecar';
import type { Instance } from '../shared/instance';
import { mountPrograms, type Programs } from '../shared/programs';
import { awaitingSealed } from '../shared/sealed-state';
import { Autoscaler } from './autoscaler';
import { serverEntryPoints, serverPod } from './pod';
import type { ServerSections } from './server-sections';
import { outgoingVariables } from './variables/user-variables';

/** What the server is created from. */
export interface ServerProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The sections that its command, variables and pods follow from. */
  readonly environment: ServerSections;
  readonly programs: Programs;
  /** The environment's SealedSecrets: a pod is replaced when one that it reads changes. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** The tracking server: its pods, their programs, and what keeps them available. */
export class Server extends Construct {
  readonly deployment: KubeDeployment;

  constructor(scope: Construct, id: string, { instance, environment, programs, sealedSecrets }: ServerProps) {
    super(scope, id);
    const { server, availability } = environment;
    const selector = { matchLabels: selectorLabels(instance, 'server') };

    const { create, name: accountName, annotations } = server.serviceAccount;
    const { identity } = artifactStore(environment.artifacts);
    if (create) {
      new KubeServiceAccount(this, 'ServiceAccount', {
        metadata: objectMetadata(instance, 'server', accountName, { ...identity?.accountAnnotations, ...annotations }),
        ...accountBasics(instance.placement),
      });
    }

    const mounted = mountPrograms(instance.name, programs, serverEntryPoints(environment));
    const proxy = proxyParts(instance, environment, outgoingVariables(environment));
    const spec = serverPod(instance, environment, mounted.volume, proxy);
    this.deployment = new KubeDeployment(this, 'Deployment', {
      metadata: objectMetadata(instance, 'server'),
      spec: {
        // Unset with an autoscaler: each apply would reset the number.
        replicas: server.replicas,
        revisionHistoryLimit: 5,
        // Longer than `prepare` and the start may take, because both databases, the lock and the bucket are waited for
        // in turn.
        progressDeadlineSeconds: 4 * environment.database.timeout + 600,
        strategy: strategy(environment),
        selector,
        template: {
          metadata: {
            labels: objectLabels(
              { ...instance, labels: { ...instance.labels, ...identity?.podLabels, ...sortKeys(server.podLabels) } },
              'server',
            ),
            annotations: {
              ...instance.annotations,
              ...identity?.podAnnotations(withoutStore(spec, environment)),
              ...sortKeys(server.podAnnotations),
              ...mounted.annotations,
              ...proxy.annotations,
            },
          },
          spec: awaitingSealed(instance.namespace, spec, sealedSecrets),
        },
      },
    });

    if (server.autoscaling) {
      new Autoscaler(this, 'Autoscaler', { instance, autoscaling: server.autoscaling });
    }

    if (availability.disruptionBudget) {
      new KubePodDisruptionBudget(this, 'DisruptionBudget', {
        metadata: objectMetadata(instance, 'server'),
        spec: {
          selector,
          maxUnavailable: IntOrString.fromNumber(1),
          // A pod that is not ready does not block a drain.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      });
    }
  }
}

/** The containers that do not use the artifact store, those of users among them. */
function withoutStore({ initContainers = [], containers }: PodSpec, { server }: ServerSections): string[] {
  const ours = [...initContainers, ...containers].map(({ name }) => name);
  const theirs = [...server.initContainers, ...server.sidecars].flatMap(({ name }) =>
    typeof name === 'string' ? [name] : [],
  );
  return [...ours.filter((name) => name !== 'prepare' && name !== 'server'), ...theirs];
}

/**
 * How pods are replaced. If two must not share a node, an extra pod might not be schedulable: then one is stopped
 * first.
 */
function strategy({ server, availability }: ServerSections): DeploymentStrategy {
  if (server.rollout === 'Recreate') return { type: 'Recreate' };
  const [surge, unavailable] = availability.antiAffinity === 'required' ? [0, 1] : [1, 0];
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: IntOrString.fromNumber(surge), maxUnavailable: IntOrString.fromNumber(unavailable) },
  };
}
