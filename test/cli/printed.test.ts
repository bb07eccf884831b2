import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { renderFile } from '../../lib/synth/output/render';
import { planOutput } from '../../lib/synth/output/writer';
import { command, ROOT } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

/** Text of others that a terminal, or the reader of a file, must see and not obey. */

const setting = new SynthSetting();
const { write, environment, synth, dist } = setting;

const FOREIGN = ['\u001b[31m', '\u009b2J', '\u202e', '\u2028', '\n', '\u{e0041}'];
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const linesOf = ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`.split('\n');

describe.each(FOREIGN.map((text) => [JSON.stringify(text), text]))('%s', (_, text) => {
  test('in the name of an environment is shown, and nothing is written', async () => {
    environment(`a${text}b`);
    for (const result of [await synth(), await synth(`x${text}`), await synth('--only', `x${text}`)]) {
      expect(result.code).toBe(1);
      for (const line of linesOf(result)) expect(line).not.toMatch(ACTING);
    }
    expect(dist()).toEqual({});
  });

  test('in an argument, a folder or a preset is shown', async () => {
    for (const given of [
      ['init', 'team', '--preset', text],
      ['init', `a${text}`],
      ['init', 'team', '--environments', join(setting.folder, `e${text}`)],
      ['seal', `a${text}`, '--status', '--environments', setting.folder],
      ['synth', `--${text}`],
    ]) {
      for (const line of linesOf(await command(...given))) expect(line).not.toMatch(ACTING);
    }
  });

  test('in the output folder and in changed fields is shown', async () => {
    environment('a');
    await synth();
    const marked = (dist()['a/service.k8s.yaml'] ?? '').replace('port: 5000', `port: ${JSON.stringify(text)}`);
    write(`dist/gone${text}/x.k8s.yaml`, marked);
    write('dist/a/service.k8s.yaml', marked.replace('  name: mlflow', `  name: ${JSON.stringify(`n${text}`)}`));
    for (const more of [['--diff'], ['--check'], []]) {
      const result = await synth(...more);
      expect(result.stdout + result.stderr).not.toBe('');
      for (const line of linesOf(result)) expect(line).not.toMatch(ACTING);
    }
  });

  test('in a value is an escape in the output', async () => {
    if (/[\u0080-\u009f]/.test(text)) return;
    environment('a', `annotations: { note: ${JSON.stringify(`${text}x`)} }\n`);
    expect(await synth()).toMatchObject({ code: 0 });
    for (const written of Object.values(dist())) {
      const lines = Buffer.from(written, 'latin1').toString('utf8').split('\n');
      for (const line of lines) expect(line).not.toMatch(ACTING);
    }
  });
});

test('an environment of another name than a folder may have puts nothing into a file', () => {
  const name = 'a\nkind: Injected\n---';
  const text = renderFile(name, { name: 'service', objects: [] });
  expect(text.split('\n')).toHaveLength(2);
  expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual([]);
  for (const each of [name, '..', '../b', 'a/b', '']) {
    expect(() => planOutput(setting.folder, [{ name: each, files: [] }], { all: false })).toThrow(
      /is not a valid environment name/,
    );
  }
});

test('a command to copy has a folder as one word', async () => {
  const folder = join(setting.folder, "it's $(touch x); y");
  mkdirSync(folder);
  const { stdout } = await command('init', 'team', '--environments', folder);
  expect(stdout).toContain(` --environments '${folder.replaceAll("'", `'\\''`)}'`);
});

test('nothing is printed but by the functions that print', () => {
  const files = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const printing = files.filter((path) =>
    /\bconsole\.|\bstd(out|err)\.write\(/.test(readFileSync(join(ROOT, 'lib', path), 'utf8')),
  );
  expect(printing.sort()).toEqual([
    'cli/print.ts',
    'cli/schema.ts',
    'cli/seal/terminal.ts',
    'synth/chart/mlflow-chart.ts',
  ]);
});
