import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { loadEnvironment } from '../../lib/environment/load';
import { compose } from '../../lib/synth/compose';
import { readObjects } from '../../lib/synth/user-objects/read';
import { SHORT_PROGRAMS } from '../support/fixtures';
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
];

/** What an example that is a part of an environment leaves to the reader. */
const REST = {
  database: 'database:\n  host: postgres\n',
  artifacts: 'artifacts:\n  s3:\n    bucket: models\n',
} as const;

/** The pages whose examples open something on purpose, and say so. */
const OPEN = ['docs/proxy.md', 'docs/risks.md'];

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
  const file = join(folder, 'environments', 'team', 'environment.yaml');
  const base = /^extends: (\S+)/m.exec(text)?.[1];
  const write = (path: string, contents: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  };
  if (base !== undefined) write(join(dirname(file), base), textOfBase(base));
  write(file, whole(text));
  return file;
}

const environments = examples.filter((each) => !isOfOthers(each) && !isObject(each));

test('pages have examples of each kind', () => {
  expect(environments.length).toBeGreaterThan(30);
  expect(examples.filter(isObject).length).toBeGreaterThan(2);
  const first = examples.filter(isOfOthers).map(({ text }) => text.split('\n', 1)[0]);
  expect(first.toSorted()).toEqual(OF_OTHERS.toSorted());
});

test.each(named(environments))('the environment at %s is valid, and so is what it renders', (_, { page, text }) => {
  const { environment, issues, warnings } = loadEnvironment(written(text));
  expect(issues).toEqual([]);
  if (environment === undefined) throw new Error('no environment');
  expect(compose(environment, SHORT_PROGRAMS, sealedOf(environment)).issues).toEqual([]);
  if (!OPEN.includes(page)) expect(warnings.filter((line) => line.endsWith(' to allow)'))).toEqual([]);
});

test.each(named(examples.filter((each) => isObject(each) && !isOfOthers(each))))(
  'the objects at %s are accepted beside an environment',
  (_, { text, page }) => {
    const file = written(environments.find((each) => each.page === page)?.text ?? '');
    mkdirSync(join(dirname(file), 'objects'));
    writeFileSync(join(dirname(file), 'objects', 'example.yaml'), text);
    const { environment } = loadEnvironment(file);
    if (environment === undefined) throw new Error('no environment');
    const { objects, issues } = readObjects(dirname(file));
    expect(issues).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
    expect(compose(environment, SHORT_PROGRAMS, sealedOf(environment), objects).issues).toEqual([]);
  },
);

test.each(named(examples.filter(isOfOthers)))('the file for another program at %s is YAML', (_, { text }) => {
  expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
});
