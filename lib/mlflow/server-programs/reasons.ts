import type { Advice } from '../../input/issue';

/** Why options of server programs are refused: those that both programs have. */
export const REASONS = {
  address: {
    what: 'sets where the server listens, which is where the Service, the probes and the network policy expect it',
    fix: 'use service.port for the port of the Service, or remove it',
  },
  workers: { what: 'is overridden by the number of workers that MLflow passes on', fix: 'use server.workers' },
  tls: {
    what: 'does not change how the probes, the clients and the Service speak to the server',
    fix: 'use service.tls',
  },
  prefix: {
    what: 'moves every path, also that of the probes',
    fix: 'use server.staticPrefix',
  },
  grace: { what: 'must fit into the time that a pod has to shut down', fix: 'use server.gracePeriod' },
  reload: { what: 'is for developing, and ignored by the start program of the pods', fix: 'remove it' },
  unused: { what: 'is ignored by the start program of the pods', fix: 'remove it' },
  noServer: { what: 'prints something instead of starting the server', fix: 'remove it' },
} as const satisfies Readonly<Record<string, Advice>>;
