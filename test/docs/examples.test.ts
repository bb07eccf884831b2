import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { loadEnvironment } from '../../lib/environment/load';
import { InputError } from '../../lib/input/input-error';
import type { Issue } from '../../lib/input/issue';
import { synthesize } from '../../lib/synth/synthesize';
import { readObjects } from '../../lib/synth/user-objects/read';
import { type Block, blocksOf, PAGES } from '../support/pages';
import { sealedOf } from '../support/sealed-secrets';
import { ROOT, temporaryFolder } from '../support/support';

/** Every YAML example of the pages: an environment, a part of one, or objects beside it. Each works as it stands. */

/** Examples for other programs, by the comment in their first line. They are YAML, and nothing more is known here. */
const OF_OTHERS = [
  '# .sops.yaml',
  '# environments/team/sops/database.yaml, as you write it in sops edit',
  '# values of Zero to JupyterHub',
  '# a container in a template of Argo Workflows',
  '# an Application of Argo CD',
  '# routes of Alertmanager',
];

/** What an example that is a part of an environment leaves to the reader. */
const REST = {
  database: 'database:\n  host: postgres\n',
  artifacts: 'artifacts:\n  s3:\n    bucket: models\n',
} as const;

/** The pages whose examples open something on purpose, and say so, or show each key whatever it opens. */
const OPEN = ['docs/configuration.md', 'docs/proxy.md', 'docs/risks.md'];

const examples = PAGES.flatMap(blocksOf).filter(({ language }) => language === 'yaml');
const isOfOthers = ({ text }: Block) => OF_OTHERS.includes(text.split('\n', 1)[0] ?? '');
const isObject = ({ text }: Block) => /^apiVersion:/m.test(text);
const named = (blocks: readonly Block[]) => blocks.map((block) => [block.at, block] as const);

const whole = (text: string): string =>
  Object.entries(REST).reduce((all, [key, section]) => {
    const has = new RegExp(`^(${key}|extends):`, 'm').test(text);
    return has ? all : all + section;
  }, text);

/** What an example extends: an environment of the repository, or any other one. */
function textOfBase(base: string): string {
  const file = join(ROOT, 'environments', basename(dirname(base)), basename(base));
  return existsSync(file) ? readFileSync(file, 'utf8') : whole('');
}

/** An example as the file of an environment, and the one that it extends. */
function written(text: string): string {
  const folder = temporaryFolder();
  const path = /^# (\S+\/environment\.yaml)$/m.exec(text)?.[1] ?? 'environments/team/environment.yaml';
  const file = join(folder, path);
  const base = /^extends: (\S+)/m.exec(text)?.[1];
  const write = (path: string, contents: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  };
  if (base !== undefined) write(join(dirname(file), base), textOfBase(base));
  write(file, whole(text));
  return file;
}

/** What is wrong with the environment of a file and its objects, and what they open, when all of it is composed. */
function problems(file: string): { readonly issues: readonly string[]; readonly opens: readonly string[] } {
  const { environment, issues, warnings, sharing } = loadEnvironment(file);
  const { objects, issues: unread } = readObjects(dirname(file));
  if (environment === undefined || issues.length + unread.length > 0)
    return { issues: [...issues, ...unread], opens: [] };
  const sealedSecrets = sealedOf(environment);
  const locate = ({ path, message }: Issue) => `${path.join('.')}: ${message}`;
  const named = {
    name: 'team',
    environment,
    warnings,
    sharing,
    locate,
    sealedSecrets,
    userObjects: objects,
    sopsSecrets: [],
  };
  try {
    const composed = synthesize({ environments: [named], issues: [] });
    const all = [...warnings, ...composed.flatMap((each) => each.warnings)];
    return { issues: [], opens: all.filter((line) => line.endsWith(' to allow)')) };
  } catch (error) {
    if (error instanceof InputError) return { issues: error.lines, opens: [] };
    throw error;
  }
}

const environments = examples.filter((each) => !isOfOthers(each) && !isObject(each));

test('pages have examples of each kind', () => {
  expect(environments.length).toBeGreaterThan(30);
  expect(examples.filter(isObject).length).toBeGreaterThan(2);
  const first = examples.filter(isOfOthers).map(({ text }) => text.split('\n', 1)[0]);
  expect(first.toSorted()).toEqual(OF_OTHERS.toSorted());
});

test.each(named(environments))('the environment at %s is valid, and so is what it renders', (_, { page, text }) => {
  const { issues, opens } = problems(written(text));
  expect(issues).toEqual([]);
  if (!OPEN.includes(page)) expect(opens).toEqual([]);
});

test.each(named(examples.filter((each) => isObject(each) && !isOfOthers(each))))(
  'the objects at %s are accepted beside an environment',
  (_, { text, page }) => {
    const file = written(environments.find((each) => each.page === page)?.text ?? '');
    mkdirSync(join(dirname(file), 'objects'));
    writeFileSync(join(dirname(file), 'objects', 'example.yaml'), text);
    expect(readObjects(dirname(file)).objects.length).toBeGreaterThan(0);
    expect(problems(file).issues).toEqual([]);
  },
);

test.each(named(examples.filter(isOfOthers)))('the file for another program at %s is YAML', (_, { text }) => {
  expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
});
