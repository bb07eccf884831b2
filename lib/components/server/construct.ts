import { Construct } from 'constructs';
import { objectLabels, objectMetadata, PROGRAM_ANNOTATIONS, selectorLabels } from '../../kubernetes/metadata';
import {
  type DeploymentStrategy,
  IntOrString,
  KubeConfigMap,
  KubeDeployment,
  KubePodDisruptionBudget,
  KubeServiceAccount,
} from '../../kubernetes/objects';
import { accountBasics, checksum } from '../../kubernetes/pod';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import type { Instance } from '../shared/instance';
import { type Programs, programsName } from '../shared/programs';
import { awaitingSealed } from '../shared/sealed-state';
import { Autoscaler } from './autoscaler';
import { serverPod } from './pod';
import type { ServerSections } from './sections';

/** What the server is created from. */
export interface ServerProps {
  readonly instance: Instance;
  /** The sections that its command, variables and pods follow from. */
  readonly environment: ServerSections;
  /** The Jobs that run programs beside the server's, which they share. */
  readonly jobs: ServerJobs;
  readonly programs: Programs;
  /** The environment's SealedSecrets: a pod is replaced when one that it reads changes. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** Whether there are Jobs whose programs are beside the server's. */
export interface ServerJobs {
  readonly garbageCollection?: object;
  readonly smokeTest: { readonly enabled: boolean };
}

/** The tracking server: its pods, the programs in them, and what keeps them available. */
export class Server extends Construct {
  readonly deployment: KubeDeployment;

  constructor(scope: Construct, id: string, { instance, environment, jobs, programs, sealedSecrets }: ServerProps) {
    super(scope, id);
    const { server, availability } = environment;
    const selector = { matchLabels: selectorLabels(instance, 'server') };

    new KubeServiceAccount(this, 'ServiceAccount', {
      metadata: objectMetadata(instance, 'server'),
      ...accountBasics(instance.placement),
    });

    const scripts = new KubeConfigMap(this, 'Scripts', {
      metadata: objectMetadata(instance, 'server', programsName(instance.name), PROGRAM_ANNOTATIONS),
      // The server's whatever the release: pods of the release before still read from here during an upgrade.
      data: { ...programFiles(programs), ...jobPrograms(jobs, programs) },
    });

    const spec = serverPod(instance, environment, scripts.name);
    this.deployment = new KubeDeployment(this, 'Deployment', {
      metadata: objectMetadata(instance, 'server'),
      spec: {
        // None beside an autoscaler: each apply would put its number back.
        replicas: server.replicas,
        revisionHistoryLimit: 5,
        // Longer than preparing and starting may take: both databases, the lock and the bucket are waited for in turn.
        progressDeadlineSeconds: 4 * environment.database.timeout + 600,
        strategy: strategy(environment),
        selector,
        template: {
          metadata: {
            labels: objectLabels(instance, 'server'),
            annotations: {
              ...instance.annotations,
              'checksum/scripts': checksum(usedPrograms(environment, programs)),
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
          // A pod that is not ready anyway does not hold up a drain.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      });
    }
  }
}

/** How pods are replaced. Where two must not share a node, a surplus one might find none: then one leaves first. */
function strategy({ server, availability }: ServerSections): DeploymentStrategy {
  if (server.rollout === 'Recreate') return { type: 'Recreate' };
  const [surge, unavailable] = availability.antiAffinity === 'required' ? [0, 1] : [1, 0];
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: IntOrString.fromNumber(surge), maxUnavailable: IntOrString.fromNumber(unavailable) },
  };
}

/** The programs as files of the ConfigMap. */
function programFiles(programs: Programs): Record<string, string> {
  return {
    'prepare.py': programs.prepare,
    'prepare_users.py': programs.prepareUsers,
    'program.py': programs.common,
    'start.py': programs.start,
    'export_metrics.py': programs.exportMetrics,
    'stop.py': programs.stop,
    'mlflow_auth_cached.py': programs.authenticationCache,
  };
}

/** The programs of Jobs beside the server, which use its own too. */
function jobPrograms({ garbageCollection, smokeTest }: ServerJobs, programs: Programs): Record<string, string> {
  return {
    ...(garbageCollection
      ? {
          'maintenance.py': programs.maintenance,
          'collect_garbage.py': programs.collectGarbage,
          'garbage.py': programs.garbage,
        }
      : {}),
    ...(smokeTest.enabled ? { 'smoke_test.py': programs.smokeTest } : {}),
  };
}

/** The programs that the pods of this release run, and no other: one that changes without being used must not roll them. */
function usedPrograms(environment: ServerSections, programs: Programs): Record<string, string> {
  const unused = [
    ...(environment.authenticationCache === 'module' ? [] : ['mlflow_auth_cached.py']),
    ...(environment.monitoring.metrics ? [] : ['start.py', 'export_metrics.py']),
  ];
  return Object.fromEntries(Object.entries(programFiles(programs)).filter(([name]) => !unused.includes(name)));
}
