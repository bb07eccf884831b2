import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../mlflow/resolved-environment';
import { type Instance, objectLabels, objectMetadata, selectorLabels } from './instance';
import { IntOrString, KubeConfigMap, KubeDeployment, KubePodDisruptionBudget, KubeServiceAccount } from './kubernetes';
import type { Programs } from './programs';
import { serverPod } from './server-pod';

/** What the server is made from. */
export interface ServerProps {
  readonly instance: Instance;
  /** The whole environment: the server's command and variables follow from nearly all of it. */
  readonly environment: ResolvedEnvironment;
  readonly programs: Programs;
}

/** The tracking server: its pods, the programs in them, and what keeps them available. */
export class Server extends Construct {
  constructor(scope: Construct, id: string, { instance, environment, programs }: ServerProps) {
    super(scope, id);
    const { server, availability } = environment;
    const selector = { matchLabels: selectorLabels(instance, 'server') };

    new KubeServiceAccount(this, 'ServiceAccount', {
      metadata: objectMetadata(instance, 'server'),
      automountServiceAccountToken: false,
    });

    const scripts = new KubeConfigMap(this, 'Scripts', {
      metadata: objectMetadata(instance, 'server', `${instance.name}-scripts`, {
        'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
      }),
      data: usedPrograms(environment, programs),
    });

    new KubeDeployment(this, 'Deployment', {
      metadata: objectMetadata(instance, 'server'),
      spec: {
        replicas: server.replicas,
        revisionHistoryLimit: 5,
        // Longer than preparing and starting may take at most.
        progressDeadlineSeconds: environment.database.timeout + 600,
        strategy:
          server.rollout === 'Recreate'
            ? { type: 'Recreate' }
            : {
                type: 'RollingUpdate',
                rollingUpdate: { maxSurge: IntOrString.fromNumber(1), maxUnavailable: IntOrString.fromNumber(0) },
              },
        selector,
        template: {
          metadata: {
            labels: objectLabels(instance, 'server'),
            annotations: {
              ...instance.annotations,
              'checksum/scripts': checksum(usedPrograms(environment, programs)),
            },
          },
          spec: serverPod(instance, environment, scripts.name),
        },
      },
    });

    if (availability.disruptionBudget) {
      new KubePodDisruptionBudget(this, 'DisruptionBudget', {
        metadata: objectMetadata(instance, 'server'),
        spec: {
          selector,
          maxUnavailable: IntOrString.fromNumber(1),
          // A pod that is not ready anyway does not hold up a drain.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      });
    }
  }
}

/** The programs that this server's pods run, and no other: one that changes without being used must not roll them. */
function usedPrograms({ authenticationCache }: ResolvedEnvironment, programs: Programs): Record<string, string> {
  return {
    'prepare.py': programs.prepare,
    'stop.py': programs.stop,
    ...(authenticationCache === 'module' ? { 'mlflow_auth_cached.py': programs.authenticationCache } : {}),
  };
}

/** Changes when the data changes, and then rolls the pods. */
function checksum(data: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 32);
}
