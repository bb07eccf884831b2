import { command } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

/** Options that npm consumes because no `--` is before them: their values arrive as further words. */

const setting = new SynthSetting();
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test.each([
  ['graph', 'out', ['a', 'x.svg']],
  ['graph', 'format', ['a', 'svg']],
  ['init', 'preset', ['a', 'production']],
  ['init', 'environments', ['a', 'elsewhere']],
  ['schema', 'help', ['x']],
  ['synth', 'out', ['a', 'x']],
  ['synth', 'explain', ['a', 'secrets']],
  ['seal', 'from-file', ['a', 'b', 'c', 'd']],
  ['seal', 'from-env', ['a', 'b']],
])('%s explains that npm consumed --%s', async (script, option, given) => {
  setting.environment('a');
  process.env.npm_lifecycle_event = script;
  process.env[`npm_config_${option.replaceAll('-', '_')}`] = 'true';
  const { code, issues, stdout } = await command(script, ...given);
  if (script === 'schema') return expect(issues.join()).not.toContain('npm consumed');
  expect([code, stdout]).toEqual([1, '']);
  expect(issues).toEqual([`npm consumed --${option}; put options after --: npm run ${script} -- --${option}`]);
});

test('another script, or no script, leaves the settings of npm alone', async () => {
  process.env.npm_config_out = 'true';
  for (const script of [undefined, 'test', 'synth']) {
    if (script === undefined) delete process.env.npm_lifecycle_event;
    else process.env.npm_lifecycle_event = script;
    const { issues } = await command('graph', 'a', 'x.svg');
    expect(issues.join()).toMatch(/^Unknown argument: x\.svg/);
  }
});
