import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command, contentsOf, ROOT, temporaryFolder } from './support';

/** What tests of invalid files share: valid files to damage, and the statement that a damaged one is refused. */

// Without the provider by which the file would be bound to another one; `test/synth/sealed-secrets.test.ts` damages that.
export const HOMELAB_FILE = readFileSync(join(ROOT, 'environments', 'homelab', 'environment.yaml'), 'utf8').replace(
  'provider: sealed',
  'provider: existing',
);
export const SMALL_FILE = 'database:\n  host: postgres\nartifacts:\n  s3:\n    bucket: artifacts\n';
export const QUICKSTART_FILE = readFileSync(join(ROOT, 'environments', 'quickstart', 'environment.yaml'), 'utf8');
const STORE = (tag: string, name: string) =>
  `  embedded:\n    image:\n      repository: docker.io/x/y\n      tag: ${tag}\n    storage:\n      name: ${name}\n      size: 1Gi\n      storageClass: fast\n    resources:\n      requests:\n        cpu: 100m\n        memory: 64Mi\n      limits:\n        cpu: 1\n        memory: 1Gi\n`;
export const EMBEDDED_FILE = `database:\n${STORE('17.11-trixie', 'a')}artifacts:\n${STORE('v1.7.0', 'b')}secrets:\n  provider: generated\n`;
export const PATCHED_FILE = `${SMALL_FILE}patches:\n  - kind: Service\n    name: mlflow\n    operations:\n      - { op: add, path: /spec/sessionAffinity, value: ClientIP }\n`;
export const POLICY_FILE = `${SMALL_FILE}server:\n  tolerations:\n    - { key: a, value: b }\n  envFrom: [{ secret: more }]\nnetworkPolicy:\n  egress: [{ cidr: 10.0.0.0/8, ports: [1] }]\n`;

/** A folder with one environment that is damaged again and again, and the output of the valid one. */
export class InvalidFile {
  readonly folder = temporaryFolder();
  /** The environment's file. */
  readonly file = join(this.folder, 'environments', 'broken', 'environment.yaml');
  /** The file of a base beside it. */
  readonly base = join(this.folder, 'environments', 'base.yaml');
  // The default command: where one is named, yargs lays out its help for whatever may come, which takes as long as the rest.
  readonly synth = ['--environments', join(this.folder, 'environments'), '--out', join(this.folder, 'dist')];
  /** What was refused, to count different files. */
  readonly refused = new Set<string>();
  private before: Record<string, string> = {};

  /** Writes the output of a valid environment, and a file of another program beside it. */
  async start(): Promise<void> {
    this.write(this.file, HOMELAB_FILE);
    expect(await command(...this.synth)).toMatchObject({ code: 0 });
    this.write(join(this.folder, 'dist', 'broken', 'foreign.yaml'), 'kind: Foreign\n');
    this.before = contentsOf(join(this.folder, 'dist'));
    expect(Object.keys(this.before).length).toBeGreaterThan(5);
  }

  write(file: string, content: string | Buffer): void {
    rmSync(file, { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Runs the command on a file. A valid one is recognized as such, and not counted. */
  async mutate(content: string | Buffer): Promise<readonly string[] | 'valid'> {
    this.write(this.file, content);
    const { code, issues, stdout } = await command(...this.synth);
    if (code === 0) {
      expect(issues).toEqual([]);
      this.restoreOutput();
      return 'valid';
    }
    try {
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(issues.length).toBeGreaterThan(0);
      for (const line of issues) this.expectIssueLine(line);
      this.expectSameOutput();
    } catch (error) {
      throw new Error(
        `${(error as Error).message}\n${issues.join('\n')}\nfor the file:\n${content.toString().slice(0, 3000)}`,
      );
    }
    this.refused.add(content.toString('latin1'));
    return issues;
  }

  /** The issues of a file that must be refused. */
  async refuse(content: string | Buffer): Promise<readonly string[]> {
    const issues = await this.mutate(content);
    if (issues === 'valid') throw new Error(`this was taken for valid:\n${content.toString().slice(0, 3000)}`);
    return issues;
  }

  /** The output is as it was before. */
  expectSameOutput(): void {
    expect(contentsOf(join(this.folder, 'dist'))).toEqual(this.before);
  }

  /** Some issue is at a line of the environment's file. */
  expectAt(issues: readonly string[], line: number): void {
    if (!issues.some((issue) => issue.startsWith(`${this.file}:${line}:`))) {
      throw new Error(`no issue at line ${line}:\n${issues.join('\n')}\n${readFileSync(this.file, 'utf8')}`);
    }
  }

  /** One line of the form `file:line:column what is wrong`, for a file and a line that exist. */
  expectIssueLine(line: string): void {
    const [, file = '', row, column] = /^(.+?):(\d+):(\d+) \S.*\S$/.exec(line) ?? [];
    if (!file.startsWith(join(this.folder, 'environments'))) throw new Error(`not an issue with its location: ${line}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal
    if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]| {4}at /.test(line)) throw new Error(`not one clean line: ${line}`);
    if (Number(row) < 1 || Number(column) < 1 || Number(row) > lengthOf(file))
      throw new Error(`not in the file: ${line}`);
  }

  /** Restores the output after a valid file changed it. */
  private restoreOutput(): void {
    rmSync(join(this.folder, 'dist'), { recursive: true });
    for (const [path, bytes] of Object.entries(this.before)) {
      this.write(join(this.folder, 'dist', path), Buffer.from(bytes, 'latin1'));
    }
  }
}

function lengthOf(file: string): number {
  try {
    return readFileSync(file, 'latin1').split('\n').length;
  } catch {
    return 1;
  }
}

/** A small generator of random numbers below a bound, the same ones at every run. */
export function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The lines `key: value` of a text: where they are, and their parts. */
export function keyLines(text: string) {
  return text.split('\n').flatMap((line, index) => {
    const match = /^(\s*(?:- )?)([A-Za-z]\w*):(?: +([^#\s{[][^#]*?))?(\s*#.*)?$/.exec(line);
    return match ? [{ index, indent: match[1] ?? '', key: match[2] ?? '', value: match[3] }] : [];
  });
}

/** A text with another line in place of one. */
export const withLine = (text: string, index: number, line: string) =>
  text
    .split('\n')
    .map((old, at) => (at === index ? line : old))
    .join('\n');
