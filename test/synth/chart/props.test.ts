import { ApiObject } from 'cdk8s';
import { EnvironmentError, MlflowChart } from '../../../lib';
import { readCertificate, sealInto } from '../../../lib/sealed-secrets';
import { makeKeyPair } from '../../support/key-pair';
import { SMALLEST } from '../../support/support';
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
      expect.stringMatching(/^database\.hots: .*did you mean host\?/),
      expect.stringMatching(/^nmae: .*did you mean name\?/),
      expect.stringMatching(/^database\.host: /),
      expect.stringMatching(/^sealedSecrets\.kind: .*line 1/),
    ]);
    expect(error.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain(__filename);
  });

  test.each([
    ['extends', { extends: '../base.yaml' }, /^extends: is only for files/],
    [
      'a Secret that is not sealed',
      { secrets: { provider: 'sealed' } },
      /^sealedSecrets: SealedSecret mlflow\/mlflow-basic-auth is missing, with keys .*kubeseal/m,
    ],
    ['the props of another constructor', { environment: {} }, /^environment: /],
    ['a text that is none', { sealedSecrets: 5 }, /^sealedSecrets: is not a text/],
    ['a list that is none', { objects: {}, warn: 'x' }, /^objects: is not a list.*\nwarn: is not a function/],
    ['a misspelt option', { sealedSecret: '' }, /^sealedSecret: .*did you mean sealedSecrets\?\)/],
    ['a misspelt list', { object: [] }, /^object: .*did you mean objects\?\)/],
    ['a misspelt function', { warm: 1 }, /^warm: .*did you mean warn\?\)/],
    [
      'a key that resembles none',
      { qqqqqqqqqqqqqqqq: 1 },
      /^qqqqqqqqqqqqqqqq: .*known keys: (?!.*extends).*sealedSecrets, objects, programs, warn\)/,
    ],
    ['programs without one that is needed', { programs: {} }, /^programs: lacks .*\(pass what readPrograms returns\)/],
    ['programs that are none', { programs: [] }, /^programs: is not a map/],
  ])('%s', (_, props, said) => {
    expect(failed(props).message).toMatch(said);
  });
});

test.each([undefined, null, 'x', []])('props that are %j are an EnvironmentError', (props) => {
  expect(message(() => new MlflowChart(app(), 'mlflow', props as never))).toMatch(/^environment: is not a map of keys/);
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
    expect(said).toEqual([expect.stringMatching(/^nmae: /)]);
    expect(message(() => chartOf({ secrets, sealedSecrets })).split('\n')).toEqual([
      expect.stringMatching(
        /^sealedSecrets\.spec\.encryptedData\.password: is missing in SealedSecret mlflow\/.*\[line \d+\]/,
      ),
    ]);
  });

  test('of another namespace are an issue', () => {
    const sealedSecrets = textWithout().replaceAll('namespace: mlflow', 'namespace: other');
    expect(message(() => chartOf({ secrets, sealedSecrets }))).toMatch(
      /^sealedSecrets\.metadata\.namespace: is other/m,
    );
  });
});
