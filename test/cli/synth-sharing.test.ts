import { App } from 'cdk8s';
import { MlflowChart } from '../../lib/index';
import { command } from '../support/support';
import { SynthSetting, YAML } from '../support/synth-setting';

/** Where a user reads what an environment takes over from another one. */

const setting = new SynthSetting();

const extending = (more: string) => {
  setting.write('environments/ml/environment.yaml', YAML.replace('host: postgres', 'host: postgres.databases.svc'));
  return setting.write('environments/stage/environment.yaml', `extends: ../ml/environment.yaml\n${more}`);
};

const TAKEN = [
  expect.stringMatching(
    /^(?:warning: )?.*ml\/environment\.yaml:2:3 database\.host: environment stage takes over databases /,
  ),
  expect.stringMatching(
    /^(?:warning: )?.*ml\/environment\.yaml:5:5 artifacts\.s3\.bucket: environment stage takes over bucket /,
  ),
];

test('synth refuses the same objects, and writes nothing', async () => {
  extending('');
  const { code, issues } = await setting.synth();
  expect([code, issues]).toEqual([1, [expect.stringMatching(/stage\/environment\.yaml:1:1 extends: takes over /)]]);
  expect(setting.dist()).toEqual({});
});

test('synth warns of shared stores and writes; what only explains does not', async () => {
  extending('namespace: { name: stage }\n');
  const { code, stderr } = await setting.synth('stage');
  expect(code).toBe(0);
  expect(stderr.trimEnd().split('\n')).toEqual(TAKEN);
  expect(Object.keys(setting.dist()).length).toBeGreaterThan(3);
  const environments = `${setting.folder}/environments`;
  expect(await command('synth', 'stage', '--environments', environments, '--explain', 'clients')).toMatchObject({
    code: 0,
    stderr: '',
  });
});

test('the chart of a file does both, too', () => {
  const chartOf = (file: string) => {
    const warnings: string[] = [];
    MlflowChart.fromFile(new App(), 'mlflow', file, { warn: (line) => warnings.push(line) });
    return warnings;
  };
  expect(() => chartOf(extending(''))).toThrow('extends: takes over ');
  expect(chartOf(extending('namespace: { name: stage }\n'))).toEqual(TAKEN);
});
