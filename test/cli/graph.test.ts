import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();
const { environment, write } = setting;

const graph = (...given: string[]) =>
  command('graph', ...given, '--environments', join(setting.folder, 'environments'));
const inFolder = (name: string) => join(setting.folder, name);
const read = (name: string) => readFileSync(inFolder(name), 'utf8');

const PATCHED = `patches:
  - kind: NetworkPolicy
    name: mlflow
    operations: [{ op: add, path: /spec/ingress/0/from/-, value: { ipBlock: { cidr: 10.9.8.0/24 } } }]
allow: [open-network]
`;

const OBJECT = `apiVersion: v1
kind: ConfigMap
metadata: { name: other }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: scratch }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

describe('graph', () => {
  test('prints Mermaid, or SVG, of the finished objects: with patches and objects of users', async () => {
    environment('a', PATCHED);
    write('environments/a/objects/other.yaml', OBJECT);
    const mermaid = await graph('a');
    expect(mermaid).toMatchObject({ code: 0, issues: [] });
    expect(mermaid.stdout).toMatch(/^%% Drawn by cdk8s-mlflow graph\nflowchart LR\n/);
    const svg = await graph('a', '--format', 'svg');
    expect(svg).toMatchObject({ code: 0, issues: [] });
    expect(svg.stdout).toMatch(/^<svg .*<\/svg>\n$/s);
    for (const { stdout } of [mermaid, svg]) {
      for (const text of ['10.9.8.0/24', 'scratch']) expect(stdout).toContain(text);
    }
  });

  test('writes a file, as SVG if its name says so, and replaces one that it wrote', async () => {
    environment('a');
    for (const [more, name, beginning] of [
      [[], 'pictures/a.svg', '<svg '],
      [[], 'pictures/a.mmd', '%% '],
      [['--format', 'mermaid'], 'b.svg', '%% '],
      [['--format', 'svg'], 'b.txt', '<svg '],
    ] as const) {
      const first = await graph('a', ...more, '--out', inFolder(name));
      expect(first).toMatchObject({ code: 0, issues: [], stdout: `wrote ${inFolder(name)}\n` });
      const text = read(name);
      expect(text.startsWith(beginning)).toBe(true);
      expect((await graph('a', ...more)).stdout === text || more.length === 0).toBe(true);
      writeFileSync(inFolder(name), text.replace('Deployment', 'Before'));
      expect(await graph('a', ...more, '--out', inFolder(name))).toMatchObject({ code: 0 });
      expect(read(name)).toBe(text);
    }
  });

  test('replaces no other file, folder or link', async () => {
    const file = environment('a');
    const before = readFileSync(file, 'utf8');
    symlinkSync('missing.svg', inFolder('link.svg'));
    for (const out of [file, setting.folder, inFolder('link.svg')]) {
      expect(await graph('a', '--out', out)).toMatchObject({
        code: 1,
        stdout: '',
        issues: [`${out}: was not written by graph and would be overwritten (move or remove it)`],
      });
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(existsSync(inFolder('missing.svg'))).toBe(false);
  });

  test.each([
    ['a README with the block', (mermaid: string) => `# Mine\n\n\`\`\`mermaid\n${mermaid}\`\`\`\n`],
    ['Mermaid below a line', (mermaid: string) => `Mine\n${mermaid}`],
    ['Mermaid above prose', (mermaid: string) => `${mermaid}\nMine\n`],
    ['another diagram that names graph', () => '%% Drawn by cdk8s-mlflow graph\nsequenceDiagram\n'],
    ['a page with an inlined picture', (_: string, svg: string) => `<html>${svg}</html>\n`],
    ['a page that begins with a picture', (_: string, svg: string) => `${svg}<p>Mine</p>\n`],
    ['two pictures with text between', (_: string, svg: string) => `${svg}<p>Mine</p>\n${svg}`],
    ['a picture in another', (_: string, svg: string) => `<svg>\n${svg}</svg>\n`],
    ['an empty file', () => ''],
  ])('does not replace %s', async (_, page) => {
    environment('a');
    const mine = page((await graph('a')).stdout, (await graph('a', '--format', 'svg')).stdout);
    writeFileSync(inFolder('page'), mine);
    for (const format of ['mermaid', 'svg']) {
      expect(await graph('a', '--format', format, '--out', inFolder('page'))).toMatchObject({
        code: 1,
        issues: [expect.stringMatching(/was not written by graph and would be overwritten/)],
      });
    }
    expect(read('page')).toBe(mine);
  });

  test('reports what synth reports, and draws nothing then', async () => {
    environment('a', 'service: { prot: 80 }\n');
    const { code, issues, stdout } = await graph('a', '--out', inFolder('a.svg'));
    expect([code, stdout, existsSync(inFolder('a.svg'))]).toEqual([1, '', false]);
    expect(issues).toEqual((await setting.synth('a')).issues);
    expect(issues).toEqual([expect.stringMatching(/environment\.yaml:\d+:\d+ service\.prot: /)]);
  });

  test.each([
    ['no name', [], /^graph: needs the name of an environment \(for example cdk8s-mlflow graph team\)$/],
    ['two names', ['a', 'b'], /^Unknown argument: b /],
    ['an unknown name', ['b'], /^b: is not an environment /],
    ['another format', ['a', '--format', 'png'], /png.*mermaid.*svg/],
    ['a format twice', ['a', '--format', 'svg', '--format', 'svg'], /^--format: is given twice /],
    ['no file', ['a', '--out'], /^--out: needs a value /],
    ['an empty file name', ['a', '--out', ''], /^--out: is empty /],
  ])('refuses %s', async (_, given, message) => {
    environment('a');
    // Last, so that an option may lack its value.
    const { code, issues, stdout } = await command('graph', '--environments', inFolder('environments'), ...given);
    expect([code, stdout, issues]).toEqual([1, '', [expect.stringMatching(message)]]);
  });
});
