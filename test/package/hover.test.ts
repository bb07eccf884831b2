import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LanguageServer } from './language-server';
import { project } from './packed';

/** What an editor shows over the names of the library, in a project with the package as it is published. */

const TEXT = `
import { App } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';
import { sealValue } from 'cdk8s-mlflow/sealed-secrets';

const chart = new MlflowChart(new App(), 'mlflow', {
  database: { host: 'postgres.example.com', sslNone: 1 },
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
  server: { replicas: 2 },
  networkPolicy: { clients: { namespaces: ['a'] } },
  sealedSecrets: '',
  warn: () => undefined,
});
console.log(chart.trackingUri, chart.server.deployment, chart.server.selectorLabels, chart.clientEnv('a'), sealValue);
MlflowChart.fromFile(new App(), 'b', 'environment.yaml');
`;

/** Each word with a part of the documentation that is shown over it. */
const SHOWN: [string, RegExp][] = [
  ['MlflowChart', /An MLflow tracking server, with everything that the keys of its environment say/],
  ['database', /PostgreSQL, which stores runs, models and users/],
  ['host', /Host name or IP address of PostgreSQL/],
  ['artifacts', /Where artifacts \(models and files\) are stored/],
  ['bucket', /Name of the bucket/],
  ['replicas', /@default/],
  ['namespaces', /Namespaces whose pods may connect/],
  ['sealedSecrets', /The text of the SealedSecrets of this instance/],
  ['warn', /Called once with each warning/],
  ['trackingUri', /The tracking URI of clients in the cluster/],
  ['deployment,', /The Deployment of the server/],
  ['selectorLabels', /The labels that select its pods/],
  ['clientEnv', /The environment variables with which a container/],
  ['sealValue }', /Encrypts a value as `kubeseal --raw` does/],
  ['fromFile', /Creates the chart of an environment file/],
];

const FILE = 'main.ts';
let server: LanguageServer;

beforeAll(async () => {
  const folder = join(project(), 'hover');
  mkdirSync(folder);
  writeFileSync(join(folder, FILE), TEXT);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { module: 'nodenext', strict: true }, files: [FILE] }),
  );
  server = new LanguageServer(folder);
  await server.open(FILE);
});

afterAll(() => server.close());

test.each(SHOWN)('over %s an editor shows its documentation', async (word, text) => {
  expect(await server.hover(FILE, word)).toMatch(text);
});
