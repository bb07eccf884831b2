import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';
import { CREATED, NOT_CREATED } from './created-objects.cases';
import { SILENT } from './own-things.cases';
import { NO_SHARED_ENTRIES, SHARED_ENTRIES } from './shared-entries.cases';
import { BASES, SHARED } from './taken-over.cases';

/** What an environment takes over from another one that it extends, and what two must not share by accident. */

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

const write = (path: string, text: string) => writeIn(folder, path, text);

/** Writes files by name of an environment (or by path), and reads the environment `stage`. */
function read(files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files))
    write(path.includes('.') ? path : `environments/${path}/environment.yaml`, text);
  return loadEnvironment(join(folder, 'environments/stage/environment.yaml'));
}

const EXTENDS = 'extends: ../ml/environment.yaml\n';

describe('the same objects', () => {
  const own = 'database: { host: other }\nartifacts: { s3: { bucket: other } }\n';
  const base = 'database: { host: db.example.com }\nartifacts: { s3: { bucket: models } }\n';
  const refused = (files: Readonly<Record<string, string>>) => {
    const { environment, issues } = read(files);
    expect(environment).toBeUndefined();
    return issues;
  };

  test.each([
    ['written there', `namespace: { name: mlflow-ml }\nname: ml\n${base}`, 'namespace.name mlflow-ml and name ml'],
    ['defaults in both', base, 'namespace.name mlflow and name mlflow'],
    ['one of each', `name: ml\n${base}`, 'namespace.name mlflow and name ml'],
  ])('are refused at extends: namespace and name are %s', (_, ml, names) => {
    expect(refused({ ml, stage: `labels: { a: b }\n${EXTENDS}${own}` })).toEqual([
      `${folder}/environments/stage/environment.yaml:2:1 extends: takes over ${names} from environment ml, so the output of both is the same objects (set namespace.name; for another cluster, write namespace.name: ${/namespace.name (\S+)/.exec(names)?.[1]})`,
    ]);
  });

  test('are refused although the same name is written', () => {
    expect(refused({ ml: base, stage: `${EXTENDS}name: mlflow\n${own}` })).toEqual([
      expect.stringContaining('extends: takes over namespace.name mlflow and name mlflow'),
    ]);
  });

  test.each(CREATED)('are refused under another name: %s', (_, ml, stage, words) => {
    expect(refused({ ml, stage: `${EXTENDS}name: stage\n${stage}` })).toEqual([
      expect.stringMatching(
        new RegExp(
          `stage/environment.yaml:1:1 extends: takes over ${words} from environment ml, so the output of both contains the same objects,`,
        ),
      ),
    ]);
  });

  test.each(NOT_CREATED)('are none under another name: %s', (_, ml, stage) => {
    expect(read({ ml, stage: `${EXTENDS}name: stage\n${stage}` }).issues).toEqual([]);
  });

  test('are refused through files in between, and beside other issues', () => {
    const files = {
      ml: base,
      'environments/base.yaml': 'extends: ml/environment.yaml\nlabels: { a: b }\n',
      stage: `nmae: x\nextends: ../base.yaml\n${own}`,
    };
    expect(refused(files).map((line) => line.replace(/.*yaml:(\S+ \S+) .*/, '$1'))).toEqual([
      '1:1 nmae:',
      '2:1 extends:',
    ]);
  });

  test('are those of the nearest environment', () => {
    const files = { far: base, ml: `extends: ../far/environment.yaml\nname: ml\n${own}`, stage: `${EXTENDS}${own}` };
    expect(refused(files)).toEqual([expect.stringContaining('name ml from environment ml,')]);
  });

  test.each([
    ['another namespace', 'namespace: { name: mlflow-stage }\n'],
    ['another name, where the other one creates no Namespace', 'name: stage\n', 'namespace: { create: false }\n'],
    ['another name and no Namespace', 'name: stage\nnamespace: { create: false }\n'],
    ['another name in another cluster', 'name: stage\nnamespace: { name: mlflow, create: true }\n'],
    ['the same namespace, in another cluster', 'namespace: { name: mlflow }\n'],
    ['the same, but removed', 'namespace: null\n', 'namespace: { name: mlflow }\n'],
  ])('are none with %s', (_, text, more = '') => {
    expect(read({ ml: more + base, stage: EXTENDS + text + own }).issues).toEqual([]);
  });

  test.each([
    ['the other environment', 'ml', '../ml/environment.yaml'],
    ['itself', 'stage', '../ml/environment.yaml'],
    ['all environments, on the way to the other one', 'all', '../../all/ml/environment.yaml'],
  ])('are refused where a link leads to %s', (_, link, path) => {
    const place = (name: string) => (name === link ? `elsewhere/there-${name}` : `environments/${name}`);
    write(`${place('ml')}/environment.yaml`, base);
    write(`${place('stage')}/environment.yaml`, `extends: ${path}\n${own}`);
    mkdirSync(join(folder, 'environments'), { recursive: true });
    const target = link === 'all' ? 'environments' : place(link);
    symlinkSync(join(folder, target), join(folder, link === 'all' ? 'all' : `environments/${link}`));
    expect(loadEnvironment(join(folder, 'environments/stage/environment.yaml')).issues).toEqual([
      expect.stringMatching(/extends: takes over .* from environment ml,/),
    ]);
  });

  test('are none with a base that is no environment, itself one in another folder, or a variant in the same', () => {
    expect(read({ 'environments/base.yaml': base, stage: `extends: ../base.yaml\n${own}` }).issues).toEqual([]);
    expect(
      read({ 'environments/base/common.yaml': base, stage: `extends: ../base/common.yaml\n${own}` }).issues,
    ).toEqual([]);
    expect(
      read({ 'clusters/eu/environment.yaml': base, stage: `extends: ../../clusters/eu/environment.yaml\n${own}` })
        .issues,
    ).toEqual([]);
    read({ stage: base });
    const variant = write('environments/stage/variant.yaml', `extends: environment.yaml\n${own}`);
    expect(loadEnvironment(variant).issues).toEqual([]);
  });

  test('are none where the file between the two says which', () => {
    const files = {
      ml: base,
      'environments/base.yaml': 'extends: ml/environment.yaml\nnamespace: { name: stages }\n',
      stage: `extends: ../base.yaml\n${own}`,
    };
    expect(read(files).issues).toEqual([]);
  });
});

describe('a store that is taken over', () => {
  test.each([...SHARED, ...SHARED_ENTRIES])(
    'is a warning at the line of the other environment: %s',
    (_, ml, stage, lines) => {
      const { issues, warnings, sharing } = read({ ml, stage: EXTENDS + stage });
      expect([issues, warnings.filter((line) => line.includes('takes over'))]).toEqual([[], []]);
      const at = join(folder, 'environments/ml/environment.yaml');
      expect(sharing.map((line) => line.replace(`${at}:`, ''))).toEqual(
        lines.map(([place]) =>
          expect.stringMatching(
            new RegExp(
              `^${place.replaceAll(/[[\].]/g, '\\$&')}: environment stage takes over .* from environment ml, so .*\\(in .*stage/environment.yaml, set .*\\)$`,
            ),
          ),
        ),
      );
      for (const [index, [, words]] of lines.entries()) expect(sharing[index]).toMatch(words);
    },
  );

  test.each([...SILENT, ...NO_SHARED_ENTRIES])('is silent: %s', (_, ml, stage) => {
    const { issues, sharing } = read({ ml, stage: EXTENDS + stage });
    expect([issues, sharing]).toEqual([[], []]);
  });

  test.each(Object.entries(BASES))('is never one of a base that is no environment: %s', (_, text) => {
    const { issues, sharing } = read({ 'environments/base.yaml': text, stage: 'extends: ../base.yaml\nname: stage\n' });
    expect([issues, sharing]).toEqual([[], []]);
  });

  test.each(Object.entries(BASES))(
    'is one below a base in between, and of an environment in another folder: %s',
    (_, text) => {
      const between = read({
        ml: text,
        'environments/base.yaml': 'extends: ml/environment.yaml\nlabels: { a: b }\n',
        stage: 'extends: ../base.yaml\nname: stage\nnamespace: { create: false }\n',
      });
      expect([between.issues, between.sharing.length > 0]).toEqual([[], true]);
      const elsewhere = read({
        'eu/stage/environment.yaml': text,
        stage: 'extends: ../../eu/stage/environment.yaml\nname: stage\n',
      });
      expect([elsewhere.issues, elsewhere.sharing.length > 0]).toEqual([[], true]);
    },
  );
});
