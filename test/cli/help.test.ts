import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { command, ROOT, temporaryFolder } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();

/** What stands below a heading of a help text. */
const sectionOf = (help: string, heading: string): string =>
  new RegExp(`\n${heading}:\n([\\s\\S]*?)(\n\n|\n*$)`).exec(help)?.[1] ?? '';

/** What the help of the program itself lists. */
const listed = async (): Promise<string[]> =>
  [...sectionOf((await command('--help')).stdout, 'Commands').matchAll(/^ {2}cdk8s-mlflow (\w+)/gm)].map(
    ([, name = '']) => name,
  );

/** The command lines of the examples in a help text, which may be broken over two lines. */
function examplesIn(help: string): string[] {
  const rows = sectionOf(help, 'Examples')
    .split(/^ {2}(?=cdk8s-mlflow )/m)
    .filter((row) => row.trim() !== '');
  return rows.map((row) =>
    row
      .split('\n')
      .map((line, index) => (index === 0 ? line : line.slice(2)).split(/ {2,}/)[0]?.trim() ?? '')
      .join(' ')
      .trim(),
  );
}

/** Runs a command line in the folder of the test, as a shell does. */
const shell = (line: string) =>
  spawnSync('bash', ['-c', line.replace(/^cdk8s-mlflow/, `"$NODE" "$COMMAND"`)], {
    cwd: setting.folder,
    env: { PATH: process.env.PATH, HOME: setting.folder, NODE: process.execPath, COMMAND: builtCommand() },
    encoding: 'utf8',
  });

test('every file of a command is a command of the help', async () => {
  const files = readdirSync(join(ROOT, 'lib/cli')).filter(
    (file) => file.endsWith('.ts') && /CommandModule<.*= \{$/m.test(readFileSync(join(ROOT, 'lib/cli', file), 'utf8')),
  );
  expect((await listed()).filter((name) => name !== 'completion').sort()).toEqual(
    files.map((file) => file.replace('.ts', '')).sort(),
  );
});

test('every help text fits into 100 columns, and has one style', async () => {
  for (const name of ['', ...(await listed())]) {
    const { code, stdout } = await command(...(name ? [name] : []), '--help');
    expect(code).toBe(0);
    for (const line of stdout.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(100);
      const [, described = ''] = /^ {2}--?[\w-]+ {2,}(.*?)( {2,}\[.*)?$/.exec(line) ?? [];
      expect(described).not.toMatch(/^[A-Z]|\.$/);
    }
  }
});

test('every example does what it says', async () => {
  const tried: string[] = [];
  for (const name of await listed()) {
    for (const line of examplesIn((await command(name, '--help')).stdout)) {
      tried.push(line);
      setting.folder = temporaryFolder();
      setting.environment(name === 'init' ? 'other' : 'team');
      if (line.includes('--check')) shell('cdk8s-mlflow synth');
      const { status, stderr } = shell(line);
      // Values are sealed with a certificate, which the folder has not.
      const expected =
        name === 'seal'
          ? [1, expect.stringMatching(/^environments.team.environment\.yaml.*secrets\.provider/)]
          : [0, ''];
      expect([line, status, stderr]).toEqual([line, ...expected]);
    }
  }
  expect(tried.length).toBeGreaterThanOrEqual(10);
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(await command('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('the help of the program and of its default command agree, and no variable changes them', async () => {
  const sections = (help: string) => ['Positionals', 'Folders', 'Options'].map((each) => sectionOf(help, each));
  const help = (await command('synth', '--help')).stdout;
  // The columns differ, because the commands of the program are wider.
  const words = (text: string) => sections(text).map((section) => section.replaceAll(/\s+/g, ' '));
  expect(words((await command('--help')).stdout)).toEqual(words(help));
  expect(help).not.toContain('[default: []]');
  const plain = shell('cdk8s-mlflow synth --help').stdout;
  expect(plain).toContain('[default: "dist"]');
  expect(shell('CDK8S_OUTDIR=/elsewhere "$NODE" "$COMMAND" synth --help').stdout).toBe(plain);
});

test('the built command breaks lines as the sources do', async () => {
  for (const name of await listed()) {
    expect(shell(`cdk8s-mlflow ${name} --help`).stdout).toBe((await command(name, '--help')).stdout);
  }
});
