import type { NamedEnvironment } from '../synth/environments';
import type { EnvironmentOutput } from '../synth/output/writer';

/** What `--explain` can print of environments. */
interface Topic {
  /** Completes "print". */
  readonly what: string;
  /** The lines, from modules that are loaded for this alone. */
  readonly lines: (
    environments: readonly NamedEnvironment[],
    outputs: readonly EnvironmentOutput[],
  ) => Promise<readonly string[]>;
}

/** Everything that `--explain` can print. */
export const TOPICS = {
  monitoring: {
    what: 'the configuration for a Prometheus without the operator',
    lines: async (environments) => {
      const { explainMonitoring } = await import('../synth/explain/monitoring');
      return environments.flatMap(explainMonitoring).join('\n---\n').split('\n');
    },
  },
  hosts: {
    what: 'every host and browser origin that MLflow accepts, and why',
    lines: async (environments) => {
      const { explainHosts } = await import('../synth/explain/hosts');
      return environments.flatMap(explainHosts);
    },
  },
  clients: {
    what: 'how clients reach the server from outside and inside the cluster',
    lines: async (environments) => {
      const { explainClients } = await import('../synth/explain/clients');
      return environments.flatMap(explainClients);
    },
  },
  images: {
    what: 'every image, one per line',
    lines: async (_, outputs) => {
      const { explainImages } = await import('../synth/explain/images');
      return explainImages(outputs);
    },
  },
  secrets: {
    what: 'every Secret with its keys, what they are for, and what creates it; and what else must exist',
    lines: async (environments, outputs) => {
      const { explainSecrets } = await import('../synth/explain/secrets');
      return environments.flatMap((environment, index) => explainSecrets(environment, outputs[index]?.files ?? []));
    },
  },
} as const satisfies Readonly<Record<string, Topic>>;

/** The name of something that `--explain` can print. */
export type TopicName = keyof typeof TOPICS;

/** The names of all topics. */
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[];
