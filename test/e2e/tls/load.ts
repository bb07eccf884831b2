import { programCode } from '../clients';
import type { Outsider } from '../exposure/outsider';
import { applyObjects, kubectl, lastJson, until } from '../lab';
import { pythonPod } from '../pods';
import { type Counted, startSteadyClient } from '../steady-client';
import { HOST, SERVER, type Site } from './site';

const MOST_SECONDS = 550;
const STOP = '/tmp/stop';

/** Ends a client, and tells what it counted. */
type EndLoad = () => Promise<Counted>;

/** Changes something while clients ask on and on, from before until after it. */
export async function underLoad(
  starts: readonly Promise<EndLoad>[],
  change: () => Promise<unknown>,
): Promise<readonly Counted[]> {
  const ends = await Promise.all(starts);
  const end = () => Promise.all(ends.map((each) => each()));
  try {
    await change();
    await new Promise((next) => setTimeout(next, 5000));
  } catch (error) {
    await end();
    throw error;
  }
  return end();
}

/** Starts a client in a pod that asks on and on: half of its connections stay open, half are new for each request. */
export async function startLoad(site: Site, name: string): Promise<EndLoad> {
  const pod = site.clientPod(name);
  await applyObjects([pythonPod(pod, programCode('steady.py', `https://${SERVER}:5000`, String(MOST_SECONDS), STOP))]);
  const inNamespace = (...given: string[]) => kubectl(['-n', pod.namespace, ...given]);
  await inNamespace('wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s');
  return async () => {
    await inNamespace('exec', name, '--', 'touch', STOP);
    const phase = ['get', 'pod', name, '-o', 'jsonpath={.status.phase}'];
    await until(`${name} ends`, 60, async () => (await inNamespace(...phase)) === 'Succeeded');
    const counted = lastJson<Counted>(await inNamespace('logs', name));
    await inNamespace('delete', 'pod', name, '--wait');
    return counted;
  };
}

/** The same outside of the cluster, by the Gateway. */
export async function startLoadOutside(site: Site, outsider: Outsider): Promise<EndLoad> {
  const { user, password } = await site.login();
  const env = {
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
    REQUESTS_CA_BUNDLE: outsider.authority,
  };
  return startSteadyClient({
    release: site.release,
    url: `https://${HOST}`,
    env,
    runs: (...given) => outsider.run(...given),
  });
}
