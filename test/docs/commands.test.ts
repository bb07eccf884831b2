import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caCertificate } from '../../lib/components/shared/sections/ca-certificate';
import { FILES } from '../../lib/environment/create-components';
import { OBJECTS_FILE } from '../../lib/synth/user-objects/add';
import { ROOT } from '../support/support';

/** Commands of the pages: they name what exists, and work when there is nothing to wait for. */

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name))].filter((name) =>
  name.endsWith('.md'),
);

/** The namespaces that commands of a text name. */
const namespacesIn = (text: string) => [...text.matchAll(/ -n ([-a-z0-9]+)/g)].map(([, name]) => name);

test('docs/manifests.md lists every file of --only', () => {
  const row = /^\| `npm run -s synth -- --only .*$/m.exec(read('docs/manifests.md'))?.[0] ?? '';
  const listed = [...(row.split('only some files:')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual([...FILES, OBJECTS_FILE].toSorted());
});

test('docs/connect.md sets up an environment in the namespace of its commands, which init would choose', () => {
  expect(read('docs/connect.md')).toContain('namespace:\n  name: mlflow-team\n');
});

test.each(['docs/connect.md', 'docs/expose.md', 'docs/proxy.md', 'docs/seal.md', 'docs/secrets.md', 'docs/upgrade.md'])(
  '%s is about the same environment',
  (page) => {
    expect(new Set(namespacesIn(read(page)))).toEqual(new Set(['mlflow-team']));
  },
);

test.each(['quickstart', 'homelab', 'production'])('comments of %s name its namespace', (name) => {
  const text = read(join('environments', name, 'environment.yaml'));
  const own = /^namespace:\n {2}name: ([-a-z0-9]+)/m.exec(text)?.[1] ?? 'mlflow';
  expect(namespacesIn(text).filter((each) => each !== own)).toEqual([]);
});

test.each(pages)('%s waits for pods to end only by name: with a selector kubectl fails when there are none', (page) => {
  const waits = read(page)
    .split('\n')
    .filter((line) => line.includes('--for=delete'));
  expect(waits.filter((line) => !/xargs -r kubectl/.test(line))).toEqual([]);
});

test.each(pages)('%s names no npm script that does not exist', (page) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = [...read(page).matchAll(/npm run (?:-s )?([a-z0-9:-]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('the ConfigMap of a CA in docs/connect.md has the key that the model expects', () => {
  const { key } = caCertificate().parse({});
  expect(read('docs/connect.md')).toMatch(new RegExp(`create configmap \\S+ --from-file=${key.replace('.', '\\.')}=`));
});

test.each(pages)('%s that names image.pullSecret as a setting of the instance names image.pullSecrets too', (page) => {
  const text = read(page);
  expect(text.includes('`image.pullSecret`') ? text : '`image.pullSecrets`').toContain('`image.pullSecrets`');
});
