import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './http';
import type { RenderedServer } from './rendered-server';

/** Between two requests of a client, in milliseconds: a loader needs some of the machine. */
const PAUSE = 50;

/** What clients got. */
export interface Counted {
  readonly answered: number;
  /** Requests without an answer, of each client. */
  readonly unanswered: readonly number[];
  /** Answers that are not 200. */
  readonly refused: readonly Answer[];
}

/**
 * Clients that log metrics one after the other. Half of them keep their connection, as MLflow's client does; the others
 * open one for each request.
 */
export class Traffic {
  private readonly answers: Answer[][] = [];
  private readonly agents: Agent[] = [];
  private readonly done: Promise<unknown>;
  private isStopped = false;

  private constructor(server: RenderedServer, run_id: string, clients: number) {
    const path = '/api/2.0/mlflow/runs/log-metric';
    const client = async (index: number) => {
      const answers: Answer[] = [];
      const agent = new (server.ca ? HttpsAgent : Agent)({ keepAlive: true, maxSockets: 1 });
      this.answers.push(answers);
      this.agents.push(agent);
      const keeping = index % 2 === 0 ? { agent } : {};
      for (let step = 0; !this.isStopped; step += 1) {
        const json = { run_id, key: `loss-${index}`, value: step, timestamp: step, step };
        answers.push(await server.ask(path, { json, ...keeping }));
        await pause(PAUSE);
      }
    };
    this.done = Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  }

  static async start(server: RenderedServer, clients: number): Promise<Traffic> {
    const create = '/api/2.0/mlflow/runs/create';
    const { run } = await server.must<{ run: { info: { run_id: string } } }>(create, { json: { experiment_id: '0' } });
    return new Traffic(server, run.info.run_id, clients);
  }

  /** How many requests were answered until now. */
  get answered(): number {
    return this.answers.flat().filter(({ status }) => status === 200).length;
  }

  /** Waits for the requests that run. */
  async stop(): Promise<Counted> {
    this.isStopped = true;
    await this.done;
    for (const agent of this.agents) agent.destroy();
    return {
      answered: this.answered,
      unanswered: this.answers.map((answers) => answers.filter(({ status }) => status === 0).length),
      refused: this.answers.flat().filter(({ status }) => status !== 0 && status !== 200),
    };
  }
}
