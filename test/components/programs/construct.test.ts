import { App, Chart } from 'cdk8s';
import { mountPrograms, type Programs, usedPrograms } from '../../../lib/components/shared/programs';
import { createComponents } from '../../../lib/environment/create-components';
import type { Manifest } from '../../../lib/synth/manifest';
import { EVERY_POD } from '../../support/embedded-fixtures';
import {
  all,
  EXIT_CODES,
  exitWordsIn,
  objectsOf,
  PROGRAMS,
  playing,
  podsOf,
  resolved,
  SMALLEST,
} from '../../support/support';
import { mounted, started } from './mounted';

/** The programs in the pods: each finds the modules that it imports, and a pod is replaced when, and only when, one changes. */

const INPUT = EVERY_POD;

const objects = objectsOf(INPUT);
const pods = podsOf(objects).filter((pod) => started(pod).length > 0);

describe('the programs of a pod', () => {
  test('are those of the server, the database, the Jobs that generate Secrets, and the CronJobs', () => {
    const roles = pods.map(({ labels }) => labels['app.kubernetes.io/component']);
    expect(new Set(roles)).toEqual(
      new Set(['server', 'database', 'secret-generator', 'backup', 'verification', 'garbage-collection', 'smoke-test']),
    );
  });

  test('are mounted where containers start them', () => {
    for (const pod of pods) expect(mounted(pod)).toEqual(expect.arrayContaining(started(pod)));
  });

  test('are in the ConfigMaps of the output, one for each folder, with the text that was read', () => {
    const configMaps = new Map(
      all(playing(objects, 'programs'), 'ConfigMap').map(({ metadata, data = {} }) => [metadata?.name ?? '', data]),
    );
    for (const pod of pods) {
      const { projected } = pod.spec.volumes?.find(({ name }) => name === 'programs') ?? {};
      for (const { configMap } of projected?.sources ?? [])
        for (const { key, path } of configMap?.items ?? []) {
          const [folder = '', ...names] = path.split('/');
          expect(configMap?.name).toBe(`mlflow-programs-${folder.replaceAll('_', '-')}`);
          expect([key, configMaps.get(configMap?.name ?? '')?.[key]]).toEqual([names.join('/'), PROGRAMS[path]]);
        }
    }
  });

  test('run in the folder that Python finds them in', () => {
    const modules = pods.flatMap((pod) => pod.containers).filter(({ command = [] }) => command[1] === '-m');
    expect(modules.length).toBeGreaterThan(5);
    for (const { workingDir } of modules) expect(workingDir).toBe('/programs');
  });

  test('carry no handling of users in a backup', () => {
    const [backup] = pods.filter(({ labels }) => labels['app.kubernetes.io/component'] === 'backup');
    expect(backup && mounted(backup).filter((path) => path.startsWith('prepare/'))).toEqual([]);
  });
});

test('a pod is replaced when a program that it runs changes, and only then', () => {
  const environment = resolved(INPUT);
  // The chart alone: patches and rules, which take longer than it does, change no checksum.
  const chartOf = (programs: Programs) => {
    const chart = new Chart(new App(), 'mlflow');
    createComponents(chart, environment, { programs, sealedSecrets: [] });
    return chart;
  };
  const sums = (programs: Programs) =>
    podsOf(chartOf(programs).toJson() as Manifest[])
      .filter((pod) => started(pod).length > 0)
      .map((pod) => pod.annotations['checksum/programs']);
  const before = sums(PROGRAMS);
  const replaced = new Set<string>();
  for (const path of Object.keys(PROGRAMS)) {
    const after = sums({ ...PROGRAMS, [path]: `${PROGRAMS[path]}\n# changed\n` });
    const changed = pods.map((_, index) => after[index] !== before[index]);
    expect([path, changed]).toEqual([path, pods.map((pod) => mounted(pod).includes(path))]);
    if (changed.includes(true)) replaced.add(path);
  }
  // Every program is one of some pod.
  expect(Object.keys(PROGRAMS).filter((path) => !replaced.has(path))).toEqual([]);
});

test('the server has the programs of other settings too, whose pods run during a rollout', () => {
  const contents = all(playing(objectsOf(SMALLEST), 'programs'), 'ConfigMap').flatMap(({ metadata, data = {} }) =>
    Object.keys(data).map((key) => `${metadata?.name?.replace('mlflow-programs-', '')}/${key}`),
  );
  const paths = Object.keys(PROGRAMS).filter((path) => /^(metrics|prepare|server)\//.test(path));
  expect(contents).toEqual(expect.arrayContaining(paths));
});

describe('imports', () => {
  const texts = (main: string): Programs => ({
    'a/__init__.py': '',
    'a/__main__.py': main,
    'a/one.py': '',
    'a/two.py': 'from common import log',
    'common/__init__.py': '',
    'common/log.py': 'import os\n',
    'common/other.py': '',
  });

  test.each([
    ['from a.one import x', ['a/one.py']],
    ['from a import one, two as second', ['a/one.py', 'a/two.py', 'common/__init__.py', 'common/log.py']],
    ['from a import (\n    one,  # a comment\n)', ['a/one.py']],
    ['import a.one', ['a/one.py']],
    ['def f():\n    from a.one import x', ['a/one.py']],
    [
      'from a import (\n    one,  # a comment (the first)\n    two,\n)',
      ['a/one.py', 'a/two.py', 'common/__init__.py', 'common/log.py'],
    ],
    ['from . import one', ['a/one.py']],
    ['import os; import a.one', ['a/one.py']],
    ['from a import x, \\\n    one', ['a/one.py']],
    [`"\\""; x = '''\nimport common.log\n''' # import a.two\nimport a.one`, ['a/one.py']],
    ['"""Text from a.one that imports nothing."""\nimport os, re', []],
  ])('are found in %j', (text, found) => {
    expect(Object.keys(usedPrograms(texts(text), ['a/__main__.py']))).toEqual(
      ['a/__init__.py', 'a/__main__.py', ...found].toSorted(),
    );
  });

  test('of a program that does not exist are refused', () => {
    expect(() => mountPrograms('mlflow', {}, ['a/__main__.py'])).toThrow('there is no program a/__main__.py');
  });
});

test('an exit code has one meaning, and each is used', () => {
  const numbers = EXIT_CODES.map(([, code]) => code);
  expect(new Set(numbers).size).toBe(numbers.length);
  const used = exitWordsIn(Object.keys(PROGRAMS).filter((path) => path !== 'common/exit_codes.py'));
  expect(EXIT_CODES.map(([word]) => word).filter((word) => !used.has(word))).toEqual([]);
});
