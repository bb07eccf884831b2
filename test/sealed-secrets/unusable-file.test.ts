import { LAB, Setting } from '../support/sealing-setting';
import { command } from '../support/support';

/** A file that cannot be read as text or as YAML: every command that reads it says the same of it. */

const BOMB = Array.from(
  { length: 12 },
  (_, level) => `b${level}: &b${level} [${`*b${level - 1},`.repeat(level ? 9 : 0)}x]\n`,
).join('');

/** What the file contains, and what is said of it. */
const CASES: readonly (readonly [string, Buffer | string, string])[] = [
  ['is in Latin-1', Buffer.from('# sch\u00fcler\n', 'latin1'), '1:1 is not valid UTF-8 (save it as UTF-8)'],
  ['is in UTF-16', Buffer.from('\ufeffa: b\n', 'utf16le'), '1:1 is not valid UTF-8 (save it as UTF-8)'],
  ['has a NUL byte', '# \0\n', '1:1 is a binary file: it contains a NUL byte (is it the right one?)'],
  ['is larger than 1 MiB', `#${'x'.repeat(1024 * 1024)}\n`, '1:1 is larger than 1 MiB (is it the right one?)'],
  ['has an alias bomb', BOMB, '1:1 expands to too many values (use fewer aliases)'],
  [
    'is nested too deeply',
    `a: ${'['.repeat(80)}${']'.repeat(80)}\n`,
    '1:1 is nested deeper than 64 levels (use fewer)',
  ],
  ['is no YAML', 'a: [\n', '2:1 is indented differently from the lines around it, or a bracket before it is open'],
];

let lab: Setting;
beforeEach(() => {
  lab = new Setting(LAB);
});

const synth = () => command('synth', '--environments', lab.environments, '--out', `${lab.folder}/dist`);
const seal = () => lab.seal('mlflow-basic-auth', '--generate');
const status = () => lab.seal('--status');

describe('a sealed-secrets.yaml that', () => {
  test.each(CASES)('%s is refused by synth and seal with the same line', async (_, content, message) => {
    lab.write('environments/lab/sealed-secrets.yaml', content);
    const line = expect.stringContaining(`${lab.file}:${message}`);
    const outcomes = [await synth(), await seal(), await status()];
    for (const { code, issues } of outcomes) expect([code, issues]).toEqual([1, [line]]);
    expect(new Set(outcomes.map(({ stderr }) => stderr)).size).toBe(1);
  });
});

describe('a certificate file that', () => {
  test.each(CASES.slice(0, 4))('%s is refused by synth and seal with the same line', async (_, content, message) => {
    lab.write('environments/lab/sealing-certificate.pem', content);
    const line = `${lab.certificate}:${message}`;
    expect((await synth()).issues).toContain(line);
    for (const { code, issues } of [await seal(), await status()]) expect([code, issues]).toEqual([1, [line]]);
  });
});

describe('an environment file that', () => {
  test.each(CASES)('%s is refused with the same words', async (_, content, message) => {
    const file = lab.write('environments/lab/environment.yaml', content);
    expect(await synth()).toMatchObject({ code: 1, issues: [expect.stringContaining(`${file}:${message}`)] });
  });
});
