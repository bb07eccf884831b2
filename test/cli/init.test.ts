import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command, contentsOf, ROOT, temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

const PRESETS = ['quickstart', 'homelab', 'production'];
const SCHEMA_LINE = '# yaml-language-server: $schema=../../schema/environment.schema.json\n';

let folder = '';
let environments = '';
beforeEach(() => {
  folder = temporaryFolder();
  environments = join(folder, 'environments');
});

const init = (...given: string[]) => command('init', ...given, '--environments', environments);
const fileOf = (name: string) => join(environments, name, 'environment.yaml');
const textOf = (name: string) => readFileSync(fileOf(name), 'utf8');
const presetText = (preset: string) => readFileSync(join(ROOT, 'environments', preset, 'environment.yaml'), 'utf8');

const write = (path: string, text: string) => writeIn(folder, path, text);

/** What the preset has sealed, which `init` leaves out. */
function copySealed(name: string): void {
  for (const file of ['sealed-secrets.yaml', 'sealing-certificate.pem'])
    write(`environments/${name}/${file}`, readFileSync(join(ROOT, 'environments', 'homelab', file), 'utf8'));
}

/** The name of the environment is in each path and first line. */
const withoutNames = (contents: Readonly<Record<string, string>>) =>
  Object.entries(contents).map(([path, text]) => [path.replace(/^[^/]*/, ''), text.replace(/^.*/, '')]);

test.each(['diff', 'check', 'only', 'out', 'environments'])(
  'synth refuses --%s when npm consumed it',
  async (option) => {
    const before = { ...process.env };
    try {
      process.env.npm_lifecycle_event = 'synth';
      process.env[`npm_config_${option}`] = 'true';
      const { code, stderr } = await command('synth', '--out', join(folder, 'dist'));
      expect(code).toBe(1);
      expect(stderr).toContain(`npm consumed --${option}; put options after --: npm run synth -- --${option}`);
      expect(contentsOf(folder)).toEqual({});
    } finally {
      process.env = before;
    }
  },
);

describe('init', () => {
  test.each(PRESETS)('writes %s as an environment that is synthesized to what the preset is', async (preset) => {
    // In the preset's own namespace, so that all else must be the same.
    const name = preset === 'production' ? 'production' : 'mlflow';
    expect(await init(name, '--preset', preset)).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(contentsOf(folder))).toEqual([`environments/${name}/environment.yaml`]);
    if (preset === 'homelab') copySealed(name);
    const [made, meant] = [join(folder, 'made'), join(folder, 'meant')];
    expect(await command('synth', '--environments', environments, '--out', made)).toMatchObject({ code: 0 });
    await command('synth', preset, '--environments', join(ROOT, 'environments'), '--out', meant);
    expect(Object.keys(contentsOf(made)).length).toBeGreaterThan(3);
    expect(withoutNames(contentsOf(made))).toEqual(withoutNames(contentsOf(meant)));
  });

  test.each(['quickstart', 'production'])('writes %s so that nothing is left to warn of', async (preset) => {
    await init('team', '--preset', preset);
    const out = join(folder, 'dist');
    expect(await command('synth', '--environments', environments, '--out', out)).toMatchObject({ code: 0, stderr: '' });
  });

  test('writes quickstart where no preset is named', async () => {
    await init('team');
    const own = 'namespace:\n  name: mlflow-team\n\n';
    expect(textOf('team')).toContain(own);
    expect(`${SCHEMA_LINE}#\n${textOf('team').replace(own, '')}`).toBe(presetText('quickstart'));
  });

  test.each(PRESETS)('writes no command for another namespace than its own: %s', async (preset) => {
    await init('team', '--preset', preset);
    const named = [...textOf('team').matchAll(/ -n (\S+)/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(preset === 'quickstart' ? [] : ['mlflow-team']));
  });

  test('says what it wrote, what to replace and what comes next', async () => {
    const { stdout } = await init('team-2', '--preset', 'production');
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      `wrote ${fileOf('team-2')} (preset production, namespace mlflow-team-2)`,
      'replace the values of the example:',
    ]);
    expect(lines.slice(-2)).toEqual([
      `next: edit it, then: cdk8s-mlflow synth team-2 --environments ${environments}`,
      '',
    ]);
    // Each is in the file where the line says.
    const text = textOf('team-2').split('\n');
    const examples = lines.slice(2, -2);
    expect(examples.length).toBeGreaterThan(10);
    for (const line of examples) {
      const [, row, value] = /^ {2}\S+environment\.yaml:(\d+) \S+: (\S+)$/.exec(line) ?? [];
      expect(text[Number(row) - 1]).toContain(value);
    }
    const listed = new Set(examples.map((line) => Number(/:(\d+) /.exec(line)?.[1])));
    const left = text.flatMap((line, index) =>
      /example\.(com|org|net)|0123456789abcdef|^ {2}(name|authName): mlflow(_auth)?$/.test(line.replace(/#.*/, ''))
        ? [index + 1]
        : [],
    );
    expect([...listed]).toEqual(left);
  });

  test.each(PRESETS)('leaves nothing of %s that two environments would share silently', async (preset) => {
    const { stdout } = await init('team', '--preset', preset);
    await init('other', '--preset', preset);
    const shared = ['bucket', 'container', 'prefix'].flatMap((key) =>
      [...textOf('team').matchAll(new RegExp(`^ *${key}: *(\\S+)`, 'gm'))].map(([line]) => line),
    );
    for (const line of shared) expect(textOf('other')).not.toContain(line);
    expect(textOf('team').replaceAll(/#.*/g, '')).not.toMatch(/mlflow.production/);
    expect(stdout.includes('replace the values')).toBe(preset !== 'quickstart');
  });

  test('says that values must be sealed where the preset is', async () => {
    const { stdout } = await init('mlflow', '--preset', 'homelab');
    const where = `--environments ${environments}`;
    expect(stdout.split('\n').at(-2)).toBe(
      `next: edit it, then: kubeseal --fetch-cert > ${environments}/mlflow/sealing-certificate.pem, then: cdk8s-mlflow seal mlflow ${where}, then: cdk8s-mlflow synth mlflow ${where}`,
    );
    const { code, issues } = await command('synth', '--environments', environments, '--out', join(folder, 'dist'));
    expect(code).toBe(1);
    expect(issues).toHaveLength(5);
    for (const issue of issues)
      expect(issue).toMatch(/sealed-secrets\.yaml:1:1 SealedSecret .* is missing.*seal mlflow /);
  });

  test('names the script of npm in a clone', async () => {
    const before = process.env.npm_lifecycle_event;
    try {
      process.env.npm_lifecycle_event = 'init';
      expect((await init('team')).stdout).toContain('then: npm run -s synth -- team');
    } finally {
      if (before === undefined) delete process.env.npm_lifecycle_event;
      else process.env.npm_lifecycle_event = before;
    }
  });

  test.each(PRESETS)('leaves out of %s the comments that refer to missing files', async (preset) => {
    await init('team', '--preset', preset);
    expect(textOf('team')).toMatch(/^# [A-Z]/);
    expect(textOf('team')).not.toContain('../');
  });

  test('keeps the line of the schema where the schema is', async () => {
    write('schema/environment.schema.json', '{}');
    write('docs/back-up-and-restore.md', '');
    await init('production', '--preset', 'production');
    expect(textOf('production')).toBe(presetText('production'));
  });

  test('keeps all comments where everything is that they point to', async () => {
    write('schema/environment.schema.json', '{}');
    write('docs/from-the-ansible-role.md', '');
    write('docs/back-up-and-restore.md', '');
    await init('mlflow', '--preset', 'homelab');
    expect(textOf('mlflow')).toBe(presetText('homelab'));
  });

  test('leaves other files of the folder alone', async () => {
    write('environments/team/notes.txt', 'ours\n');
    expect(await init('team')).toMatchObject({ code: 0 });
    expect(contentsOf(folder)).toMatchObject({ 'environments/team/notes.txt': 'ours\n' });
  });
});

describe('init never replaces', () => {
  test('an environment file', async () => {
    const file = write('environments/team/environment.yaml', 'name: ours\n');
    const { code, issues, stdout } = await init('team');
    expect([code, stdout]).toEqual([1, '']);
    expect(issues).toEqual([expect.stringContaining(`${file}: already exists (`)]);
    expect(contentsOf(folder)).toEqual({ 'environments/team/environment.yaml': 'name: ours\n' });
  });

  test('a link, even one that leads nowhere', async () => {
    mkdirSync(dirname(fileOf('team')), { recursive: true });
    symlinkSync('nowhere.yaml', fileOf('team'));
    expect(await init('team')).toMatchObject({ code: 1, issues: [expect.stringContaining('already exists')] });
    expect(() => textOf('team')).toThrow();
  });

  test.each(['theirs', '../theirs', 'nowhere'])('a folder that is a link to %s', async (target) => {
    mkdirSync(join(folder, 'theirs'));
    mkdirSync(join(environments, 'theirs'), { recursive: true });
    symlinkSync(target, join(environments, 'team'));
    const issue = `${join(environments, 'team')}: is a symbolic link (choose another name, or remove it)`;
    expect(await init('team')).toMatchObject({ code: 1, issues: [issue] });
    expect(contentsOf(folder)).toEqual({});
  });

  test('a folder of that name', async () => {
    write('environments/team/environment.yaml/notes.txt', 'ours\n');
    expect(await init('team')).toMatchObject({ code: 1, issues: [expect.stringContaining('already exists')] });
  });

  test('a file where the folder should be', async () => {
    write('environments', 'a file\n');
    const { code, issues } = await init('team');
    expect([code, issues.length]).toEqual([1, 1]);
    expect(contentsOf(folder)).toEqual({ environments: 'a file\n' });
  });
});

describe('init refuses with one line, and writes nothing', () => {
  const cases: readonly (readonly [string, string[], RegExp])[] = [
    ['a name above the folder', ['../x'], /"\.\.\/x": is not a valid environment name.*team-a/],
    ['a name of several folders', ['a/b'], /is not a valid environment name/],
    ['the folder itself', ['.'], /is not a valid environment name/],
    ['a name in upper case', ['A'], /"A": is not a valid environment name/],
    ['an empty name', [''], /"": is not a valid environment name/],
    ['a name with a blank', ['a b'], /is not a valid environment name/],
    ['a name of two lines', ['a\n'], /is not a valid environment name/],
    ['a name that ends in -', ['a-'], /is not a valid environment name/],
    ['a name that is too long for its namespace', ['a'.repeat(57)], /mlflow-a+ \(use 1 fewer characters\)/],
    ['no name', [], /./],
    ['two names', ['a', 'b'], /b/],
    ['a preset with a typo', ['a', '--preset', 'prodution'], /--preset prodution: .*did you mean production\?/],
    ['a preset like no other', ['a', '--preset', 'zzzzzzzzzz'], /quickstart, homelab, production/],
    ['a preset outside of the folder', ['a', '--preset', '../environments/homelab'], /is not a preset/],
    ['an empty preset', ['a', '--preset', ''], /^--preset: is empty/],
    ['two presets', ['a', '--preset', 'homelab', '--preset', 'production'], /--preset: is given twice/],
    ['two folders', ['a', '--environments', 'b'], /--environments: is given twice/],
    ['an unknown option', ['a', '--presets', 'homelab'], /presets/],
  ];
  test.each(cases)('%s', async (_, given, message) => {
    const { code, issues, stdout } = await init(...given);
    expect([code, stdout]).toEqual([1, '']);
    expect(issues).toEqual([expect.stringMatching(message)]);
    expect(contentsOf(folder)).toEqual({});
  });
});
