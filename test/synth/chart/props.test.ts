import { join } from 'node:path';
import { ApiObject, type App, Chart } from 'cdk8s';
import { Quantity } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';
import { EnvironmentError, MlflowChart } from '../../../lib';
import { readCertificate, sealInto } from '../../../lib/sealed-secrets';
import { makeKeyPair } from '../../support/key-pair';
import { ROOT, SMALLEST } from '../../support/support';
import { app, chartOf, message, QUIET } from './chart-setting';

/** The props of a chart: what is wrong with them, and what a user is told of them. */

describe('what is wrong with the keys', () => {
  const failed = (props: object) => {
    try {
      // Here, because the stack begins where the class is called.
      new MlflowChart(app(), 'mlflow', { ...SMALLEST, ...QUIET, ...props });
    } catch (error) {
      return error as EnvironmentError;
    }
    throw new Error('nothing is wrong');
  };

  test('is thrown at once, whole, as an EnvironmentError whose stack begins at the caller', () => {
    const error = failed({ database: { hots: 'x' }, sealedSecrets: 'kind: Secret', nmae: 'y' });
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message.split('\n')).toEqual([
      expect.stringMatching(/^\[mlflow\] database\.hots: .*did you mean host\?/),
      expect.stringMatching(/^\[mlflow\] nmae: .*did you mean name\?/),
      expect.stringMatching(/^\[mlflow\] database\.host: /),
      expect.stringMatching(/^\[mlflow\] sealedSecrets\.kind: .*line 1/),
    ]);
    expect(error.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain(__filename);
  });

  test.each([
    ['extends', { extends: '../base.yaml' }, /^\[mlflow\] extends: is only for files/],
    [
      'a Secret that is not sealed',
      { secrets: { provider: 'sealed' } },
      /^\[mlflow\] sealedSecrets: SealedSecret mlflow\/mlflow-basic-auth is missing, with keys .*kubeseal/m,
    ],
    ['the props of another constructor', { environment: {} }, /^\[mlflow\] environment: /],
    ['a text that is none', { sealedSecrets: 5 }, /^\[mlflow\] sealedSecrets: is not a text/],
    [
      'a list that is none',
      { objects: {}, warn: 'x' },
      /^\[mlflow\] objects: is not a list.*\n\[mlflow\] warn: is not a function/,
    ],
    ['a misspelt option', { sealedSecret: '' }, /^\[mlflow\] sealedSecret: .*did you mean sealedSecrets\?\)/],
    [
      'a quantity of cdk8s-plus',
      { server: { resources: { requests: { memory: Quantity.fromString('1Gi') } } } },
      /memory: is an object of class Quantity \(/,
    ],
    ['a function', { server: { replicas: () => 2 } }, /replicas: is a function \(must be a/],
    ['an integer beyond those of JSON', { server: { replicas: 2n } }, /replicas: is a BigInt \(must be a/],
    ['an empty host', { database: { host: '' } }, /database\.host: is empty \(/],
    ['a misspelt list', { object: [] }, /^\[mlflow\] object: .*did you mean objects\?\)/],
    ['a misspelt function', { warm: 1 }, /^\[mlflow\] warm: .*did you mean warn\?\)/],
    [
      'a key that resembles none',
      { qqqqqqqqqqqqqqqq: 1 },
      /^\[mlflow\] qqqqqqqqqqqqqqqq: .*known keys: (?!.*extends).*sealedSecrets, objects, programs, warn\)/,
    ],
    [
      'programs without one that is needed',
      { programs: {} },
      /^\[mlflow\] programs: lacks .*\(pass what readPrograms returns\)/,
    ],
    ['programs that are none', { programs: [] }, /^\[mlflow\] programs: is not a map/],
  ])('%s', (_, props, said) => {
    expect(failed(props).message).toMatch(said);
  });
});

test.each([undefined, null, 'x', []])('props that are %j are an EnvironmentError', (props) => {
  expect(message(() => new MlflowChart(app(), 'mlflow', props as never))).toMatch(
    /^\[mlflow\] environment: is not a map of keys/,
  );
});

describe('the chart', () => {
  const props = { ...SMALLEST, ...QUIET };
  const lines = (act: () => unknown) => message(act).split('\n');

  test.each([
    ['in an app', (parent: App) => parent, 'vision'],
    ['in another construct', (parent: App) => new Construct(parent, 'team'), 'team/vision'],
    ['in a chart', (parent: App) => new Chart(parent, 'platform'), 'platform/vision'],
  ])('is named in each line of what is wrong with it: %s', (_, scope, path) => {
    const invalid = { ...props, server: { replicas: -1, wrkers: 2 }, secrets: { provider: 'sealed' } };
    const make = () => new MlflowChart(scope(app()), 'vision', invalid as never);
    expect(lines(make).length).toBeGreaterThan(1);
    for (const line of lines(make)) expect(line.startsWith(`[${path}] `)).toBe(true);
    const chart = new MlflowChart(scope(app()), 'vision', props);
    expect(lines(() => chart.clientEnv('nobody'))).toEqual([expect.stringContaining(`[${path}] auth.users: lacks`)]);
    expect(lines(() => MlflowChart.fromFile(scope(app()), 'vision', 5 as never))).toEqual([
      expect.stringContaining(`[${path}] file: is not a path`),
    ]);
  });

  test('is not named in the issues themselves', () => {
    try {
      chartOf({ server: { replicas: -1 } });
    } catch (error) {
      expect((error as EnvironmentError).issues).toEqual([
        expect.objectContaining({ path: ['server', 'replicas'], message: expect.stringMatching(/^is -1/) }),
      ]);
    }
    expect.assertions(1);
  });
});

describe('the options of fromFile in JavaScript', () => {
  const file = join(ROOT, 'environments/homelab/environment.yaml');

  test.each([
    ['a key of the environment', { database: { host: 'x' } }, ['database: is not an option (options: programs, warn;']],
    ['a misspelt option', { warnn: 1 }, ['warnn: is not an option']],
    ['a prop', { sealedSecrets: '', objects: [] }, ['sealedSecrets: is not an option', 'objects: is not an option']],
    ['no function', { warn: 'x' }, ['warn: is not a function']],
    ['no programs', { programs: 5 }, ['programs: is not a map']],
    ['programs without one', { programs: {} }, ['programs: lacks ']],
  ])('of which one is %s are issues', (_, options, said) => {
    const act = () => MlflowChart.fromFile(app(), 'a', file, options as never);
    expect(act).toThrow(EnvironmentError);
    expect(message(act).split('\n')).toEqual(said.map((each) => expect.stringContaining(`[a] options.${each}`)));
  });

  test.each([[null], [[]], ['x']])('that are %j are an issue', (options) => {
    expect(message(() => MlflowChart.fromFile(app(), 'a', file, options as never))).toMatch(
      /^\[a\] options: is not a map/,
    );
  });
});

describe('warnings', () => {
  const old = { image: { repository: 'own/mlflow', tag: '3.1.0' } };

  test('are handed over once, those of added objects too', () => {
    const lines: string[] = [];
    const parent = app();
    const chart = chartOf({ ...old, warn: (line) => lines.push(line) }, parent);
    new ApiObject(chart, 'own', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'own' },
      spec: { type: 'LoadBalancer', selector: chart.server.selectorLabels, ports: [{ port: 80, targetPort: 'http' }] },
    } as never);
    parent.synth();
    parent.synth();
    expect(lines).toEqual([expect.stringMatching(/^image\.tag: /), expect.stringMatching(/^own.*open-network/)]);
  });

  test('are printed by default, with the chart', () => {
    const spy = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    chartOf({ ...old, warn: undefined });
    expect(spy.mock.calls).toEqual([[expect.stringMatching(/^warning: \[mlflow\] image\.tag: /)]]);
    spy.mockRestore();
  });
});

describe('sealed Secrets', () => {
  const certificate = readCertificate(makeKeyPair().certificate);
  const secrets = { provider: 'sealed' as const };
  const needed = chartOf({ secrets: { provider: 'existing' } }).secrets;
  /** All that the instance needs, except some keys. */
  const textWithout = (...left: readonly string[]) =>
    needed.reduce((text, { namespace, name, keys }) => {
      const values = Object.fromEntries(keys.filter((key) => !left.includes(key)).map((key) => [key, 'word']));
      return sealInto(text, certificate, { namespace, name, values });
    }, '');

  test('that are all there are objects of the chart', () => {
    const kinds = chartOf({ secrets, sealedSecrets: textWithout() })
      .toJson()
      .map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'SealedSecret')).toHaveLength(needed.length);
  });

  test('of which a key is missing are an issue, together with those of other keys', () => {
    const sealedSecrets = textWithout('password');
    const said = message(() => chartOf({ secrets, sealedSecrets, nmae: 'x' } as never)).split('\n');
    expect(said).toEqual([expect.stringMatching(/^\[mlflow\] nmae: /)]);
    expect(message(() => chartOf({ secrets, sealedSecrets })).split('\n')).toEqual([
      expect.stringMatching(
        /^\[mlflow\] sealedSecrets\.spec\.encryptedData\.password: is missing in SealedSecret mlflow\/.*\[line \d+\]/,
      ),
    ]);
  });

  test('that were not passed are missing in no line', () => {
    const said = message(() => chartOf({ secrets }));
    expect(said).toMatch(/^\[mlflow\] sealedSecrets: SealedSecret .* is missing/m);
    expect(said).not.toContain('[line');
  });

  test('of another namespace are an issue', () => {
    const sealedSecrets = textWithout().replaceAll('namespace: mlflow', 'namespace: other');
    expect(message(() => chartOf({ secrets, sealedSecrets }))).toMatch(
      /^\[mlflow\] sealedSecrets\.metadata\.namespace: is other/m,
    );
  });
});
