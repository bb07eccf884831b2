import { Construct } from 'constructs';
import { objectLabels, objectMetadata, secretLabels } from '../../../kubernetes/metadata';
import {
  KubeJob,
  KubeRole,
  KubeRoleBinding,
  KubeServiceAccount,
  type NetworkPolicyEgressRule,
  type PodTemplateSpec,
  Quantity,
} from '../../../kubernetes/objects';
import { accountBasics, checksum, containerSecurity, podBasics, resourceRequirements } from '../../../kubernetes/pod';
import { PROGRAMS_PATH } from '../../shared/constants';
import { type MountedPrograms, mountPrograms, PROGRAMS_MOUNT, type Programs } from '../../shared/programs';
import { podPolicy } from '../../shared/contributions/traffic';
import type { Instance } from '../../shared/instance';
import type { GeneratedValue } from '../../shared/contributions/secret-keys';
import { type GeneratedSecret, secretGeneratorName } from './generated';

/** What the generator is created from. */
export interface SecretGeneratorProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly secrets: readonly GeneratedSecret[];
  /** What the pods may connect to. @default anything */
  readonly egress?: readonly NetworkPolicyEgressRule[];
  readonly programs: Programs;
}

/** What the pods start. */
export const SECRET_GENERATOR_PROGRAMS = ['secret_generator/__main__.py'] as const;

/** A Job for each Secret that creates it if it is missing, with the permissions that this requires. */
export class SecretGenerator extends Construct {
  constructor(scope: Construct, id: string, props: SecretGeneratorProps) {
    super(scope, id);
    const { instance, secrets } = props;
    const name = secretGeneratorName(instance.name);
    const metadata = objectMetadata(instance, 'secret-generator', name);
    const mounted = mountPrograms(instance.name, props.programs, SECRET_GENERATOR_PROGRAMS);
    const jobs = secrets.map((secret) => {
      const template = podTemplate(instance, secret, name, mounted);
      // A Job is immutable: if anything in it changes, a new one replaces it.
      return { name: `${instance.name}-${secret.purpose}-secret-${checksum(template, 8)}`, template };
    });

    // A Secret of an older release gets the keys that it lacks.
    const extended = secrets.filter(({ values }) => Object.values(values).some(isFernet)).map((secret) => secret.name);
    new KubeServiceAccount(this, 'ServiceAccount', { metadata, ...accountBasics(instance.placement) });

    new KubeRole(this, 'Role', {
      metadata,
      rules: [
        // A Secret that does not exist yet cannot be named in a rule.
        { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: secrets.map((secret) => secret.name),
          verbs: ['get'],
        },
        ...(extended.length > 0
          ? [{ apiGroups: [''], resources: ['secrets'], resourceNames: extended, verbs: ['patch'] }]
          : []),
        { apiGroups: ['batch'], resources: ['jobs'], resourceNames: jobs.map((job) => job.name), verbs: ['patch'] },
      ],
    });

    new KubeRoleBinding(this, 'RoleBinding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: instance.namespace }],
    });

    for (const [namespace, names] of copiedTo(secrets)) {
      // Two instances may have the same client, so the name contains the namespace.
      const copier = `${instance.namespace}-${name}`;
      const there = objectMetadata({ ...instance, namespace }, 'secret-generator', copier);
      new KubeRole(this, `${namespace}-Role`, {
        metadata: there,
        rules: [
          { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
          { apiGroups: [''], resources: ['secrets'], resourceNames: names, verbs: ['get', 'patch'] },
        ],
      });
      new KubeRoleBinding(this, `${namespace}-RoleBinding`, {
        metadata: there,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: copier },
        subjects: [{ kind: 'ServiceAccount', name, namespace: instance.namespace }],
      });
    }

    if (props.egress) {
      podPolicy(this, instance, 'secret-generator', name, { egress: [...props.egress] });
    }

    for (const job of jobs) {
      new KubeJob(this, job.name, {
        metadata: objectMetadata(instance, 'secret-generator', job.name),
        // The cause of a failure may go away later, and a Job that gave up would never retry.
        spec: { backoffLimit: 1000, template: job.template },
      });
    }
  }
}

/** The Secrets of each other namespace that get a copy. */
function copiedTo(secrets: SecretGeneratorProps['secrets']): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { namespace, name } of secrets.flatMap((secret) => secret.copies)) {
    names.set(namespace, [...(names.get(namespace) ?? []), name]);
  }
  return names;
}

function podTemplate(
  instance: Instance,
  secret: GeneratedSecret,
  account: string,
  mounted: MountedPrograms,
): PodTemplateSpec {
  return {
    metadata: {
      labels: objectLabels(instance, 'secret-generator'),
      annotations: { ...instance.annotations, ...mounted.annotations },
    },
    spec: {
      ...podBasics(account, instance.placement),
      automountServiceAccountToken: true,
      restartPolicy: 'OnFailure',
      containers: [
        {
          name: 'generate',
          // For its Python: no further image is needed.
          image: instance.image,
          imagePullPolicy: instance.placement.pullPolicy,
          workingDir: PROGRAMS_PATH,
          command: ['python', '-m', 'secret_generator', secret.name, ...programArguments(instance, secret)],
          // The name of the Job, which depends on the whole template.
          env: [{ name: 'JOB_NAME', valueFrom: { fieldRef: { fieldPath: "metadata.labels['job-name']" } } }],
          resources: resourceRequirements({
            requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
            limits: { cpu: '500m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
          }),
          securityContext: containerSecurity,
          terminationMessagePolicy: 'FallbackToLogsOnError',
          volumeMounts: [
            PROGRAMS_MOUNT,
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        mounted.volume,
        { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('16Mi') } },
      ],
    },
  };
}

/** The content of the Secret, as arguments: random values are created in the pod, so nothing here is secret. */
function programArguments(instance: Instance, { values, optional, copies }: GeneratedSecret): string[] {
  const labels = secretLabels(instance, 'secret-generator');
  return [
    ...Object.entries(values).map(([key, value]) => {
      if ('text' in value) return `--text=${key}=${value.text}`;
      return isFernet(value) ? `--fernet=${key}` : `--random=${key}=${value.random}`;
    }),
    ...optional.map((key) => `--optional=${key}`),
    ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
    ...copies.flatMap(({ namespace, name, keys }) =>
      Object.entries(keys).map(([key, copied]) => `--copy=${namespace}/${name}/${key}=${copied}`),
    ),
  ];
}

const isFernet = (value: GeneratedValue): value is { readonly fernet: true } => 'fernet' in value;
