import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { repositoryOf } from '../../lib/input/repository';
import { readSealedSecretsFile } from '../../lib/sealed-secrets/file';
import { temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

/** An environment reads no file outside its repository, because issues repeat keys of what is read. */

const YAML = 'database:\n  host: postgres\nartifacts:\n  s3:\n    bucket: artifacts\n';
const SECRET = 'hunter2: "$6$salt"\n';

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
  write('outside/shadow', SECRET);
  write('repo/base.yaml', 'labels: { team: a }\n');
});
const write = (path: string, text: string) => writeIn(folder, path, text);
const ENVIRONMENT = 'repo/environments/a/environment.yaml';
const extending = (name: string) => loadEnvironment(write(ENVIRONMENT, `extends: ${JSON.stringify(name)}\n${YAML}`));

describe('a base is refused with its name alone', () => {
  const expectRefused = (name: string) => {
    const { issues, environment } = extending(name);
    expect(environment).toBeUndefined();
    expect(issues).toEqual([
      expect.stringMatching(
        /environment\.yaml:1:1 extends: is .*, which is outside the repository.*\(move it there\)$/,
      ),
    ]);
    expect(issues.join()).not.toContain('hunter2');
  };

  test('when its path leads outside', () => {
    const outside = join(folder, 'outside/shadow');
    for (const name of [
      outside,
      '../../../outside/shadow',
      '../../environments/../../outside/shadow',
      '/etc/passwd',
      '/etc/shadow',
      '/proc/self/environ',
      '/proc/self/fd/0',
      '/dev/stdin',
      '/',
      '../../..',
    ]) {
      expectRefused(name);
    }
  });

  test('whether or not it exists', () => {
    expectRefused('../../../outside/none');
    expectRefused('/nowhere/none.yaml');
  });

  test('when it is a link that leads outside, or in a folder that is one', () => {
    symlinkSync(join(folder, 'outside/shadow'), join(folder, 'repo/link.yaml'));
    symlinkSync('link.yaml', join(folder, 'repo/second.yaml'));
    symlinkSync('../outside', join(folder, 'repo/folder'));
    symlinkSync('/proc/self/fd', join(folder, 'repo/fd'));
    for (const name of ['../../link.yaml', '../../second.yaml', '../../folder/shadow', '../../fd/0'])
      expectRefused(name);
  });

  test('when only the case of a folder or the start of its name is the same', () => {
    write('repository/shadow', SECRET);
    expectRefused('../../../repository/shadow');
    write('REPO2/shadow', SECRET);
    expectRefused('../../../REPO2/shadow');
  });
});

test('what a base extends is in the repository, too', () => {
  write('repo/base.yaml', 'extends: ../outside/shadow\n');
  const { issues } = extending('../../base.yaml');
  expect(issues).toEqual([expect.stringMatching(/base\.yaml:1:1 extends: is .*outside the repository/)]);
});

test('a base may be anywhere in the repository, by any path or link within it', () => {
  write('repo/deep/er/base.yaml', 'labels: { team: b }\n');
  symlinkSync('deep/er/base.yaml', join(folder, 'repo/link.yaml'));
  symlinkSync('deep', join(folder, 'repo/folder'));
  for (const [name, team] of [
    ['../../base.yaml', 'a'],
    [join(folder, 'repo/base.yaml'), 'a'],
    ['../../deep/er/base.yaml', 'b'],
    ['../../link.yaml', 'b'],
    ['../../folder/er/base.yaml', 'b'],
  ] as const) {
    expect(extending(name)).toMatchObject({ issues: [], environment: { labels: { team } } });
  }
});

test.each([
  ['folder', () => write('repo/.git/HEAD', 'ref: refs/heads/main\n')],
  ['file, as in a worktree', () => write('repo/.git', 'gitdir: /elsewhere\n')],
])('the repository is the nearest one of git above the environments: .git is a %s', (_, create) => {
  const load = (name: string) =>
    loadEnvironment(write('repo/apps/mlflow/environments/prod/environment.yaml', `extends: ${name}\n${YAML}`));
  write('repo/common/base.yaml', 'labels: { team: d }\n');
  expect(load('../../../../common/base.yaml').issues).toEqual([expect.stringMatching(/outside the repository/)]);
  create();
  expect(load('../../../../common/base.yaml')).toMatchObject({ issues: [], environment: { labels: { team: 'd' } } });
  expect(load('../../../../../outside/shadow').issues).toEqual([expect.stringMatching(/outside the repository/)]);
  write('repo/apps/.git', 'gitdir: ../.git/modules/apps\n');
  expect(load('../../../../common/base.yaml').issues).toEqual([expect.stringMatching(/outside the repository/)]);
});

test('the folder of the environments may be a link, and the repository be named by one', () => {
  write(ENVIRONMENT, `extends: ../base.yaml\n${YAML}`);
  write('repo/environments/base.yaml', 'labels: { team: c }\n');
  symlinkSync(join(folder, 'repo/environments'), join(folder, 'linked'));
  symlinkSync(join(folder, 'repo'), join(folder, 'link'));
  for (const file of ['linked/a/environment.yaml', 'link/environments/a/environment.yaml']) {
    expect(loadEnvironment(join(folder, file)).issues).toEqual([]);
    expect(loadEnvironment(relative('.', join(folder, file))).issues).toEqual([]);
  }
});

test('a circle is found through links, too', () => {
  symlinkSync('environments/a/environment.yaml', join(folder, 'repo/again.yaml'));
  expect(extending('../../again.yaml').issues).toEqual([expect.stringMatching(/leads back to this file/)]);
  linkSync(join(folder, ENVIRONMENT), join(folder, 'repo/environments/hard.yaml'));
  expect(extending('../hard.yaml').issues).toHaveLength(1);
});

test('an environment or its sealed values that are a link leading outside are not read', () => {
  mkdirSync(join(folder, 'repo/environments/b'), { recursive: true });
  symlinkSync(join(folder, 'outside'), join(folder, 'repo/environments/c'));
  write('outside/environment.yaml', SECRET);
  for (const name of ['environment.yaml', 'sealed-secrets.yaml']) {
    symlinkSync(join(folder, 'outside/shadow'), join(folder, 'repo/environments/b', name));
  }
  const environmentOf = (name: string) => join(folder, 'repo/environments', name, 'environment.yaml');
  const { issues } = readSealedSecretsFile(join(folder, 'repo/environments/b/sealed-secrets.yaml'), []);
  const lines = [
    ...loadEnvironment(environmentOf('b')).issues,
    ...loadEnvironment(environmentOf('c')).issues,
    ...issues.map(({ message }) => message),
  ];
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/is outside the repository/);
});

test('the root of the file system is no repository', () => {
  expect(repositoryOf('/environments/a/environment.yaml')).toEqual(['/environments', '/environments']);
  expect(repositoryOf('/a/environment.yaml')).toEqual(['/a']);
  expect(repositoryOf('/srv/mlflow/environments/a/environment.yaml')).toEqual([
    expect.stringMatching(/mlflow$/),
    expect.stringMatching(/environments$/),
  ]);
});
