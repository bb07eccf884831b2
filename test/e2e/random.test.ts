import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import { randomEnvironment } from '../arbitraries/environment';
import { sampleSize } from '../support/sample-size';
import { objectsOf, resolution } from '../support/support';
import { applyObjects, namespace, removeNamespaces, tryKubectl } from './lab';

const NAMESPACE = 'random-environments';
/** Those of the clients must be there. */
const NAMESPACES = [NAMESPACE, 'jupyterhub', 'argo', '2nd'];

beforeAll(async () => {
  await removeNamespaces(NAMESPACES);
  await applyObjects(NAMESPACES.map((name) => namespace(name)));
});
afterAll(() => removeNamespaces(NAMESPACES));

/** In the namespace that is there, and of the one IP family that the lab has. */
const inTheLab = (input: EnvironmentInput): EnvironmentInput => {
  const { ipFamilies: _, ipFamilyPolicy: __, ...service } = input.service ?? {};
  return { ...input, service, namespace: { ...input.namespace, name: NAMESPACE, create: false } };
};

/** Kinds that only Google's clusters know. */
const OF_GOOGLE = /^(cloud\.google\.com|networking\.gke\.io)\//;

const SAMPLE = sampleSize(30, 100);

test(`the API server accepts every object of ${SAMPLE} random environments`, async () => {
  const drawn = fc.sample(randomEnvironment, { numRuns: 2 * SAMPLE, seed: 20261125 }).map(inTheLab);
  const valid = drawn.filter((input) => resolution(input).environment).slice(0, SAMPLE);
  expect(valid).toHaveLength(SAMPLE);
  const items = valid.flatMap((input) => objectsOf(input)).filter(({ apiVersion }) => !OF_GOOGLE.test(apiVersion));
  const given = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stdout, stderr } = await tryKubectl(given, { input, seconds: 400 });
  // Google's load balancers know no other way to name the class.
  const said = stderr.split('\n').filter((line) => !line.includes('annotation "kubernetes.io/ingress.class"'));
  expect({ code, said: said.slice(0, 20) }).toEqual({ code: 0, said: [''] });
  expect(stdout.trim().split('\n')).toHaveLength(items.length);
  console.log(`${items.length} objects accepted`);
});
