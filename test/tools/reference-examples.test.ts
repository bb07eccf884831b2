import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { composeEnvironment } from '../../lib/synth/compose';
import { modelSchema } from '../../tools/json-schema';
import { referenceExamples } from '../../tools/reference-examples';
import { sealedOf } from '../support/sealed-secrets';
import { PROGRAMS, temporaryFolder } from '../support/support';

const EXAMPLES = referenceExamples();

/** What an environment needs besides the section that an example is about. */
const BESIDES = {
  database: 'database:\n  host: postgres.databases.svc.cluster.local\n',
  artifacts: 'artifacts:\n  s3:\n    bucket: mlflow-artifacts\n',
};

test('every section has one example', () => {
  const sections = Object.entries(modelSchema().properties ?? {}).filter(([, node]) => node.properties);
  expect(EXAMPLES.map(({ section }) => section)).toEqual(['name', ...sections.map(([name]) => name)]);
});

test.each(EXAMPLES.map(({ section, text }) => [section, text]))('that of %s is synthesized as it stands', (_, text) => {
  const missing = Object.entries(BESIDES).flatMap(([name, lines]) => (text.startsWith(`${name}:`) ? [] : [lines]));
  const file = join(temporaryFolder(), 'environment.yaml');
  writeFileSync(file, [text, ...missing].join(''));
  const { environment, issues, warnings } = loadEnvironment(file);
  expect([issues, warnings]).toEqual([[], []]);
  if (!environment) return;
  const { files, issues: broken } = composeEnvironment(environment, PROGRAMS, sealedOf(environment));
  expect(broken).toEqual([]);
  expect(files.length).toBeGreaterThan(3);
});
