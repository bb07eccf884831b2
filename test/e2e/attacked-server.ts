import { readFileSync } from 'node:fs';
import { METRICS_PORT, SERVER_PORT } from '../../lib/components/shared/constants';
import { apply, synthesizeVariant } from './homelab';
import {
  applyObjects,
  IMAGE,
  imageLine,
  kubectl,
  type LabRelease,
  lastJson,
  namespace,
  program,
  removeNamespaces,
  rolledOut,
  tryKubectl,
  until,
} from './lab';
import { pythonPod } from './pods';

/** The instance that is attacked, and where the attacks come from: neighbours that the network policy admits. */
export const NAMESPACE = 'mlflow-attacked';
export const ATTACKERS = 'mlflow-attackers';

/** What an attack saw. */
export interface Attack {
  /** Unix time. */
  readonly began: number;
  readonly ended: number;
  /** How often each status was answered, or what came in place of an answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** Median milliseconds, by kind of request. */
  readonly medians: Readonly<Record<string, number>>;
}

/** What an attack must leave as it was. */
export interface State {
  readonly pod: string;
  readonly ready: boolean;
  readonly restarts: Readonly<Record<string, number>>;
  /** The series that a scraper sees, without their values. */
  readonly series: readonly string[];
  /** The files from which they come. */
  readonly files: readonly string[];
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly podIP: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

/** The quickstart with metrics: one pod with one worker in 768 MiB, and a neighbour that attacks it. */
export class AttackedServer {
  constructor(private readonly release: LabRelease) {}

  /**
   * Recreates it, and waits until it is ready.
   *
   * @param settings more sections of its environment
   */
  async start(settings = ''): Promise<void> {
    await this.stop();
    const yaml = `${imageLine(this.release)}namespace: { name: ${NAMESPACE} }
networkPolicy: { clients: { namespaces: [${ATTACKERS}] } }
monitoring: { metrics: { scraper: { namespace: ${ATTACKERS}, labels: {} } } }
${settings}`;
    await apply(await synthesizeVariant('attacked', yaml, 'quickstart'));
    const attacker = pythonPod(
      { namespace: ATTACKERS, name: 'attacker', image: IMAGE['3.18.0'] },
      'import time; time.sleep(7200)',
    );
    await applyObjects([namespace(ATTACKERS), attacker]);
    await rolledOut(300, NAMESPACE);
    await kubectl(['-n', ATTACKERS, 'wait', '--for=condition=Ready', 'pod/attacker', '--timeout=60s']);
  }

  /** Removes both. */
  async stop(): Promise<void> {
    await removeNamespaces([NAMESPACE, ATTACKERS]);
  }

  /** What a client and a scraper need in their environment. */
  async login(): Promise<Record<string, string>> {
    const values = async (name: string): Promise<Record<string, string>> => {
      const { data } = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'secret', name, '-o', 'json'])) as {
        data: Record<string, string>;
      };
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      );
    };
    const { MLFLOW_TRACKING_USERNAME = '', MLFLOW_TRACKING_PASSWORD = '' } = await values('mlflow-basic-auth');
    return {
      MLFLOW_TRACKING_USERNAME,
      MLFLOW_TRACKING_PASSWORD,
      MLFLOW_TRACKING_URI: `http://mlflow.${NAMESPACE}.svc.cluster.local:${SERVER_PORT}`,
      METRICS_PASSWORD: (await values('mlflow-metrics')).password ?? '',
      METRICS_URL: `http://${(await this.pod()).status.podIP}:${METRICS_PORT}/metrics`,
    };
  }

  /** Runs an attack by its name from the neighbour. With no seconds, every connection does its work once. */
  async attack(name: string, seconds: number): Promise<Attack> {
    const { MLFLOW_TRACKING_USERNAME: user = '' } = await this.login();
    const { podIP } = (await this.pod()).status;
    const file = (await this.run('server', LARGEST_FILE)).trim();
    const targets = { server: `${podIP}:${SERVER_PORT}`, metrics: `${podIP}:${METRICS_PORT}`, user, file };
    const code = readFileSync(program('attack.py'), 'utf8');
    const argv = ['python', '-c', code, name, String(seconds), JSON.stringify(targets)];
    return lastJson(await kubectl(['-n', ATTACKERS, 'exec', 'attacker', '--', ...argv], { seconds: seconds + 120 }));
  }

  /** What an attack must leave as it was. */
  async state(): Promise<State> {
    const { metadata, status } = await this.pod();
    const found = await this.run('metrics', STATE, await this.login());
    return {
      pod: metadata.name,
      ready: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      restarts: Object.fromEntries(status.containerStatuses.map(({ name, restartCount }) => [name, restartCount])),
      ...lastJson<Pick<State, 'series' | 'files'>>(found),
    };
  }

  /** Runs Python in a container of the pod, and gives what it printed. `input` is its standard input, as JSON. */
  async run(container: string, code: string, input: unknown = {}): Promise<string> {
    const argv = ['-n', NAMESPACE, 'exec', '-i', 'deployment/mlflow', '-c', container, '--', 'python', '-c', code];
    return kubectl(argv, { input: JSON.stringify(input) });
  }

  /** Ends the server's container, which then starts once more in the same pod. */
  async restart(): Promise<void> {
    const restarts = async () => (await this.state()).restarts.server ?? 0;
    const before = await restarts();
    // The connection of the command may end with the container.
    const argv = ['-n', NAMESPACE, 'exec', 'deployment/mlflow', '-c', 'server', '--'];
    await tryKubectl([...argv, 'python', '-c', 'import os; os.kill(1, 15)']);
    await until('the container has restarted', 120, async () => (await restarts()) > before);
    await rolledOut(180, NAMESPACE);
  }

  private async pod(): Promise<Pod> {
    const selector = 'app.kubernetes.io/component=server';
    const { items } = JSON.parse(await kubectl(['-n', NAMESPACE, 'get', 'pods', '-l', selector, '-o', 'json'])) as {
      items: Pod[];
    };
    const [pod] = items;
    if (!pod || items.length > 1) throw new Error(`${items.length} server pods`);
    return pod;
  }
}

/** Prints the series of the metrics, and the files from which they come. */
const STATE = `
import base64, json, os, sys, urllib.request
given = json.load(sys.stdin)
login = base64.b64encode(('metrics:' + given['METRICS_PASSWORD']).encode()).decode()
request = urllib.request.Request(given['METRICS_URL'], headers={'Authorization': 'Basic ' + login})
lines = urllib.request.urlopen(request, timeout=30).read().decode().splitlines()
series = sorted(line.rpartition(' ')[0] for line in lines if not line.startswith('#'))
print(json.dumps({'series': series, 'files': sorted(os.listdir('/run/mlflow-metrics'))}))
`;

/** Prints the path of the largest file of the web page. */
const LARGEST_FILE = `
import importlib.util, pathlib
page = pathlib.Path(importlib.util.find_spec('mlflow').origin).parent / 'server' / 'js' / 'build'
largest = max(page.rglob('*.*'), key=lambda file: file.stat().st_size)
print('/static-files/' + largest.relative_to(page).as_posix())
`;
