import { kubectl, run, tryKubectl, until } from './lab';

/** The lab's own namespaces. */
const OWN = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** The network namespace of the machine beside the node. */
const NEIGHBOUR = 'mlflow-lab-ext';

/**
 * Removes what an earlier run left in the lab because it was killed: processes beside the node, namespaces, and kinds with
 * their objects. Only the holder of the lab's lock may do this.
 */
export async function removeLeftovers(): Promise<void> {
  await endNeighbours();
  const namespaces = (await namesOf('namespaces')).filter((name) => !OWN.includes(name));
  if (namespaces.length > 0) await kubectl(['delete', 'namespace', ...namespaces, '--wait=false']);
  await until('no namespace is left', 240, async () => {
    if ((await namesOf('namespaces')).every((name) => OWN.includes(name))) return true;
    await forgetFinalizers();
    return false;
  });
  await kubectl(['delete', 'customresourcedefinitions', '--all', '--timeout=120s']);
}

/** The processes beside the node. */
export const neighbours = async (): Promise<readonly number[]> =>
  (await run('ip', ['netns', 'pids', NEIGHBOUR])).split('\n').filter(Boolean).map(Number);

/** Ends the processes beside the node, which are those of tests alone. */
async function endNeighbours(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of await neighbours()) end(pid, signal);
    const ended = until('processes beside the node end', 10, async () => (await neighbours()).length === 0);
    if (await ended.then(() => true).catch(() => false)) return;
  }
  throw new Error(`processes beside the node do not end: ${(await neighbours()).join(', ')}`);
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Lets objects go whose operator left before them: nobody else would. */
async function forgetFinalizers(): Promise<void> {
  for (const kind of await namesOf('customresourcedefinitions')) {
    const found = await kubectl(['get', kind, '-A', '-o', 'json']);
    const { items } = JSON.parse(found) as { items: { metadata: Metadata }[] };
    for (const { metadata } of items.filter(({ metadata }) => metadata.deletionTimestamp && metadata.finalizers)) {
      const where = metadata.namespace === undefined ? [] : ['-n', metadata.namespace];
      const patch = '{"metadata":{"finalizers":null}}';
      await tryKubectl([...where, 'patch', kind, metadata.name, '--type=merge', '--patch', patch]);
    }
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
}

const namesOf = async (kind: string): Promise<readonly string[]> =>
  (await kubectl(['get', kind, '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ').filter(Boolean);
