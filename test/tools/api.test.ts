import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Declared, readApi } from '../../tools/api/declarations';
import { ROOT } from '../support/support';

/** What the package exports is documented, all of it. */

const api = readApi(['lib/index.ts', 'lib/sealed-secrets/index.ts']);

const named = ([entry, all]: readonly [string, readonly Declared[]]) =>
  all.flatMap((declared): [string, Declared][] => [
    [`${entry} ${declared.name}`, declared],
    ...declared.members.map((member): [string, Declared] => [`${entry} ${declared.name}.${member.name}`, member]),
  ]);

const everything = [...api].flatMap(named);

/** The names of the parameters in a signature, whose types have no parentheses. */
const parametersOf = ({ signature }: Declared): string[] =>
  [...signature.replace(/^[^(]*/, '').matchAll(/[(,]\s*(\w+)\??(?:: | = )/g)].flatMap(([, name = '']) => name);

test('each export and each member has a description', () => {
  expect(everything.length).toBeGreaterThan(80);
  expect(everything.filter(([, { description }]) => description.trim() === '').map(([name]) => name)).toEqual([]);
});

test('each parameter is described, unless it is the only one and the name of a type says it', () => {
  const callable = everything.filter(([, { kind }]) => ['function', 'method', 'constructor'].includes(kind));
  expect(callable.length).toBeGreaterThan(8);
  const missing = callable.flatMap(([name, declared]) => {
    const described = declared.tags.filter((tag) => tag.name === 'param').map(({ text }) => text.split(/\s/)[0]);
    const obvious = ['this', 'chart', 'charts', 'certificate', 'secret', 'to'];
    return parametersOf(declared)
      .filter((each) => ![...described, ...obvious].includes(each))
      .map((each) => `${name} ${each}`);
  });
  expect(missing).toEqual([]);
});

test('each optional key has a default', () => {
  const optional = everything.filter(
    ([, { kind, name, signature, type }]) => kind === 'property' && signature.includes(`${name}?:`) && type !== 'never',
  );
  expect(optional.length).toBeGreaterThan(5);
  const without = optional.filter(([, { tags }]) => !tags.some(({ name }) => name === 'default'));
  expect(without.map(([name]) => name)).toEqual([]);
});

test('what a user never needs is not among it', () => {
  expect(
    everything.map(([name]) => name).filter((name) => /\._[a-z]|#|\.(source|known|told|objects)$/.test(name)),
  ).toEqual(['lib/index.ts MlflowChartProps.objects', 'lib/index.ts OutputFile.objects']);
});

test('the page names every export of every entry, also one that two of them have', () => {
  const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
  const [, ...entries] = page.split(/^## /m);
  expect(entries).toHaveLength(api.size);
  const missing = [...api.values()].flatMap((all, index) =>
    all.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(entries[index] ?? '')).map(({ name }) => name),
  );
  expect(missing).toEqual([]);
});
