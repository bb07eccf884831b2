import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesSchemas, RELEASE, schemasText } from '../../tools/kubernetes/schemas';
import { ROOT } from '../support/support';
import { LAB_HOME } from './validator';

/** The OpenAPI documents of the validators, which their setup copies from the same release of Kubernetes. */
const FOLDER = join(LAB_HOME, 'schemas', RELEASE.replace(/^v(\d+\.\d+)\..*/, '$1'));

test('the schemas that synth checks objects against are committed as they would be generated', () => {
  expect(readFileSync(join(FOLDER, 'version'), 'utf8').trim()).toBe(RELEASE);
  const pathOf = (apiVersion: string) => join(FOLDER, apiVersion.includes('/') ? 'apis' : 'api', `${apiVersion}.json`);
  const lines = schemasText(kubernetesSchemas(pathOf, join(ROOT, 'crds'))).split('\n');
  const committed = readFileSync(join(ROOT, 'lib', 'kubernetes', 'generated', 'schemas.json'), 'utf8').split('\n');
  // Lines are long: their first characters name the definition.
  const differing = [...lines, ...committed].filter((line) => !lines.includes(line) || !committed.includes(line));
  expect(differing.map((line) => line.slice(0, 60))).toEqual([]);
  expect(lines).toHaveLength(committed.length);
});
