import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HOMELAB_FILE, InvalidFile, SMALL_FILE } from '../support/invalid-file';
import { command, issueLines, ROOT } from '../support/support';
import { INVALID_FILES } from './invalid-files.cases';
import { INVALID_PATCHES } from './invalid-patches.cases';
import { INVALID_RELEASES } from './invalid-releases.cases';

/** Bad input: each issue is said at its location, in the user's terms. */

const files = new InvalidFile();
beforeAll(() => files.start());

describe('a file that extends another is refused', () => {
  const extending = (name: string, content: string | Buffer) => {
    files.write(files.base, content);
    return files.refuse(`extends: ${name}\n${SMALL_FILE}`);
  };

  test('when the base does not exist, is itself, leads back, or is not a path', async () => {
    for (const name of [
      '../missing.yaml',
      'environment.yaml',
      './environment.yaml',
      '..',
      '.',
      '""',
      '1',
      '[]',
      '{}',
      'null',
      '~',
      '"a\\0b"',
    ]) {
      await extending(name, SMALL_FILE);
    }
    files.write(join(files.folder, 'environments', 'back.yaml'), 'extends: base.yaml\n');
    await extending('../base.yaml', 'extends: back.yaml\n');
    await extending('../base.yaml', 'extends: base.yaml\n');
    expect((await extending('../base.yaml', 'extends: broken/environment.yaml\n'))[0]).toContain(
      'base.yaml:1:1 extends',
    );
  });

  test('when the other has an issue, which is shown there', async () => {
    const broken = [
      'a: [',
      'nmae: x\n',
      'service: { port: 0 }\n',
      '',
      '- a\n',
      '\u0000',
      'extends: ../nowhere/base.yaml\n',
    ];
    for (const content of broken) {
      const issues = await extending('../base.yaml', content);
      expect(issues.some((line) => line.startsWith(`${files.base}:1:`))).toBe(true);
    }
  });

  test('at the line that names it, when the other cannot be read', async () => {
    const [issue] = await extending('../missing.yaml', SMALL_FILE);
    expect(issue).toMatch(`${files.file}:1:1 extends: `);
    expect(issue).toContain('missing.yaml');
  });
});

describe('an issue says where it is and what would be right', () => {
  test.each([...INVALID_FILES, ...INVALID_PATCHES, ...INVALID_RELEASES])('%s', async (_, content, wanted) => {
    const issues = await files.refuse(content);
    const places = issues.map((line) => line.slice(files.file.length + 1));
    const start = ([place, key]: readonly [string, string, RegExp]) => `${place} ${key}${key ? ': ' : ''}`;
    expect(places.map((line, index) => line.slice(0, start(wanted[index] ?? ['', '', /x/]).length))).toEqual(
      wanted.map(start),
    );
    for (const [index, [, , words]] of wanted.entries()) expect(places[index]).toMatch(words);
  });

  test('in the file that holds the value, when one extends another', async () => {
    files.write(
      files.base,
      `${SMALL_FILE}service:\n  type: ClusterIP\n  port: 0\nserver: { options: { nonsense-here: 1 } }\n`,
    );
    expect(await files.refuse('extends: ../base.yaml\nservice: { tpye: NodePort }\n')).toEqual([
      expect.stringContaining(`${files.base}:8:3 service.port: `),
      expect.stringContaining(`${files.base}:9:22 server.options.nonsense-here: `),
      expect.stringContaining(`${files.file}:2:12 service.tpye: `),
    ]);
    expect(await files.refuse('extends: ../base.yaml\nservice: { port: 80 }\n')).toEqual([
      expect.stringContaining(`${files.base}:9:22 server.options.nonsense-here: `),
    ]);
    rmSync(files.base);
  });
});

test('a folder in place of the file is refused', async () => {
  rmSync(files.file);
  mkdirSync(files.file);
  const { code, issues } = await command(...files.synth);
  expect(code).toBe(1);
  expect(issues).toHaveLength(1);
  for (const line of issues) files.expectIssueLine(line);
});

test('broken environments are refused all at once by the real program, without a trace of its own', async () => {
  const environments = join(files.folder, 'environments');
  const invalidFiles: Readonly<Record<string, string | Buffer>> = {
    'a-key': `${SMALL_FILE}nmae: x\n`,
    'b-type': `${SMALL_FILE}service: { port: "80" }\n`,
    'c-cut': HOMELAB_FILE.slice(0, 700),
    'd-noise': Buffer.from([1, 2, 3, 255, 254]),
    'e-empty': '',
    'f-bomb': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}${SMALL_FILE}`,
    'g-circle': `labels: &a\n  x: *a\n${SMALL_FILE}`,
    'h-deep': `labels: ${'['.repeat(3000)}\n`,
    'i-proto': `__proto__: { a: 1 }\n${SMALL_FILE}`,
    'j-extends': `extends: environment.yaml\n${SMALL_FILE}`,
    'k-control': `name: "\\e[31m\\u0007"\n${SMALL_FILE}`,
  };
  rmSync(environments, { recursive: true });
  for (const [name, content] of Object.entries(invalidFiles))
    files.write(join(environments, name, 'environment.yaml'), content);
  const main = ['--import', 'tsx', join(ROOT, 'main.ts')];
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, [...main, ...files.synth], { cwd: ROOT }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  const issues = issueLines(ended.stderr);
  for (const line of issues) files.expectIssueLine(line);
  for (const name of Object.keys(invalidFiles))
    expect(issues.some((line) => line.includes(`/${name}/environment.yaml:`))).toBe(true);
  files.expectSameOutput();
});
