import { applyObjects, kubectl, lastJson, until } from './lab';

/** A pod of a namespace that runs Python and nothing else, admitted under any Pod Security level. */
export interface PythonPod {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** @default none */
  readonly env?: readonly object[];
  /** Sources of more variables. @default none */
  readonly envFrom?: readonly object[];
  /** Volumes with the folder each is mounted at. @default none */
  readonly volumes?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly [source: string]: unknown;
  }[];
}

/** Runs Python in a pod of its own, which is removed afterwards, and gives what it printed. */
export async function pythonInPod(pod: PythonPod, code: string): Promise<string> {
  const { namespace, name } = pod;
  await applyObjects([pythonPod(pod, code)]);
  let phase = '';
  await until(`pod ${name} ends`, 180, async () => {
    phase = await kubectl(['-n', namespace, 'get', 'pod', name, '-o', 'jsonpath={.status.phase}']);
    return ['Succeeded', 'Failed'].includes(phase);
  });
  const said = await kubectl(['-n', namespace, 'logs', name]);
  if (phase !== 'Succeeded') throw new Error(`pod ${name} failed:\n${said.slice(-3000)}`);
  await kubectl(['-n', namespace, 'delete', 'pod', name, '--wait']);
  return said;
}

/** The object of such a pod. */
export function pythonPod({ namespace, name, image, labels, env, envFrom, volumes = [] }: PythonPod, code: string) {
  const container = {
    name: 'python',
    image,
    command: ['python', '-c', code],
    env,
    envFrom,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: volume.mountPath })),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      containers: [container],
      volumes: volumes.map(({ mountPath: _, ...volume }) => volume),
    },
  };
}

/** The pods of the server, as kubectl names them: `pod/NAME`. */
export const serverPods = async (namespace = 'mlflow'): Promise<string[]> =>
  (await kubectl(['-n', namespace, 'get', 'pods', '-l', 'app.kubernetes.io/component=server', '-o', 'name']))
    .split('\n')
    .filter(Boolean);

/** Runs a program in the container of a server: of any pod, unless one is named. */
export const inServer = (argv: readonly string[], { namespace = 'mlflow', pod = 'deployment/mlflow' } = {}) =>
  kubectl(['-n', namespace, 'exec', pod, '-c', 'server', '--', ...argv]);

/** A program that prints which of some addresses (HOST:PORT) can be connected to. */
export const connecting = (addresses: readonly string[]): string =>
  [
    'import json, socket',
    'from concurrent.futures import ThreadPoolExecutor',
    'def opens(address):',
    "    host, port = address.rsplit(':', 1)",
    '    try:',
    '        socket.create_connection((host, int(port)), 5).close()',
    '        return True',
    '    except OSError:',
    '        return False',
    `addresses = ${JSON.stringify(addresses)}`,
    'opened = list(ThreadPoolExecutor(len(addresses)).map(opens, addresses))',
    'print(json.dumps([address for address, is_open in zip(addresses, opened) if is_open]))',
  ].join('\n');

/** Which of some addresses (HOST:PORT) can be connected to from a pod of a namespace with these labels. */
export async function reachable(pod: PythonPod, addresses: readonly string[]): Promise<string[]> {
  return lastJson(await pythonInPod(pod, connecting(addresses)));
}

/** What an apply changed, of the lines that it printed. */
export const changedIn = (printed: string): string[] =>
  printed
    .trim()
    .split('\n')
    .filter((line) => !line.endsWith(' unchanged'));

/** Expects that the namespace enforces Pod Security restricted, and that no pod violated it. */
export async function expectRestricted(): Promise<void> {
  const path = 'jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
  expect(await kubectl(['get', 'namespace', 'mlflow', '-o', path])).toBe('restricted');
  const events = await kubectl(['-n', 'mlflow', 'get', 'events', '-o', 'jsonpath={..message}']);
  expect(events).not.toContain('violates PodSecurity');
}
