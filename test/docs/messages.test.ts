import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { blocksOf, inlineCodeOf, isGenerated, PAGES } from '../support/pages';
import { shareInSources } from '../support/quoted-messages';
import { temporaryFolder } from '../support/support';

/** Messages that pages quote: ours are in the sources as they are quoted, and all others are known by whose they are. */

/** Messages of other programs that pages quote. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  MLflow: ['Rejected request with invalid Host header: …', 'Blocked cross-origin request from …'],
  PostgreSQL: [
    'must be member of role "mlflow_user"',
    'role name … is reserved',
    'root certificate file … does not exist',
    'No space left on device',
  ],
  Kubernetes: [
    'not configured on this cluster',
    'no matches for kind "ServiceMonitor"',
    'Unable to listen on port 5001',
    "waiting to start: image can't be pulled",
    'waiting to start: trying and failing to pull image',
  ],
  Prometheus: ['field kubernetes_sd_configs not found'],
  'oauth2-proxy': [
    'error building OIDC ProviderVerifier',
    'Unable to find a valid CSRF token',
    'neither the id_token nor the profileURL set an email',
  ],
  nginx: ['header field too large'],
  cdk8s: ['Error: Validation failed with the following errors:', "There is already a Construct with name 'service'"],
};

/** The forms of a last line, which the pages state instead of a message. */
const FORMS = [
  ...['prepare', 'gc', 'smoke test'].map((program) => `${program} failed (WORD, exit CODE): …`),
  'prepare: waiting for …',
];

/** Of the words of a message this share; the rest may be keys, names and what stands for them. */
const ENOUGH = 0.75;

/** Output of other programs in blocks without a language. */
const OUTPUT_OF_OTHERS = /^docker build |HTTP\/1\.1" 200/;

/** Inline code that is a sentence: no command, no statement, no YAML. */
const isSentence = (code: string): boolean =>
  code.split(' ').length > 3 &&
  /[a-z]{2,} [a-z]{2,}|: …/.test(code) &&
  !/[={}[\]|$&\\]|^(npm|npx|kubectl|node|python|docker|openssl) |^[A-Z]{3,} |^[a-z]+ -|^… --|^\d/.test(code);

const quoted = PAGES.filter((page) => !isGenerated(page))
  .flatMap((page) => [
    ...blocksOf(page)
      .filter(({ language }) => ['text', ''].includes(language))
      .flatMap(({ text }) => text.trim().split('\n'))
      .filter((line) => !OUTPUT_OF_OTHERS.test(line)),
    ...inlineCodeOf(page).filter(isSentence),
  ])
  .filter((message) => !FORMS.includes(message));

const others = Object.values(OF_OTHERS).flat();
const ours = [...new Set(quoted)].filter((message) => !others.includes(message));

test('pages quote messages of ours, and every other one that is listed', () => {
  expect(ours.length).toBeGreaterThan(40);
  expect(others.filter((message) => !quoted.includes(message))).toEqual([]);
});

test.each(ours)('%s', (message) => {
  // The name of the program, the environment or the time of a step in front is no part of a text in the sources.
  const text = message.replace(/^(! \w+|gc|secrets|smoke test|verification): +([\d.]+ s +)?/, '');
  expect(shareInSources(text)).toBeGreaterThan(ENOUGH);
});

test.each([
  'is a known key (did you think of port?)',
  'Secret …: made, with …',
  'Secret …: has no …; pods wait until somebody adds it',
  'Job …: is not tied to the Secret, so delete both to make the Secret anew (…)',
  'restored; 12 relations holding 9 tuples',
])('a message that no source has is seen: %s', (message) => {
  expect(shareInSources(message)).toBeLessThan(ENOUGH);
});

test.each(['README.md', 'docs/manifests.md'])('%s shows the very lines that its mistakes give', (page) => {
  const file = join(temporaryFolder(), 'environments', 'team', 'environment.yaml');
  mkdirSync(join(file, '..'), { recursive: true });
  const lines = ['namespace:', '  name: mlflow-team', '', 'database:', '  host: db', '  prot: 5432', 'artifacts:'];
  writeFileSync(file, [...lines, '  s3:', '    bucket: models', '', 'image:', '  tag: 3.18', ''].join('\n'));
  const shown = blocksOf(page).find(({ text }) => text.includes('database.prot'))?.text;
  const said = loadEnvironment(file).issues.map((line) => line.slice(line.indexOf('environments/')));
  expect(shown?.trim().split('\n')).toEqual(said);
});
