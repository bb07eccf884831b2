import { evaluate } from '../../../lib/environment/evaluate';
import { SMALLEST } from '../../support/support';
import { podOf, said } from './pod-of';

describe('a variable whose value is in an object', () => {
  const secret = { secret: 'huggingface', key: 'token' };

  test('is read by the server, prepare and Jobs from there', () => {
    const { spec } = podOf({ env: { HF_TOKEN: secret, HF_HOME: { configMap: 'settings', key: 'home' }, TZ: 'UTC' } });
    for (const container of [spec.containers[0], spec.initContainers[0]]) {
      expect(container?.env).toContainEqual({
        name: 'HF_TOKEN',
        valueFrom: { secretKeyRef: { name: 'huggingface', key: 'token' } },
      });
      expect(container?.env).toContainEqual({
        name: 'HF_HOME',
        valueFrom: { configMapKeyRef: { name: 'settings', key: 'home' } },
      });
    }
  });

  test.each<[string, unknown, RegExp]>([
    ['PGPASSWORD', secret, /use database\.credentials/],
    ['MLFLOW_STATIC_PREFIX', secret, /server\.staticPrefix/],
    ['LD_PRELOAD', secret, /add foreign-code to allow/],
    ['TOKEN', { ...secret, configMap: 'settings' }, /set either configMap or secret/],
    ['TOKEN', { key: 'token' }, /set either configMap or secret/],
    ['TOKEN', 5, /as a number, not as text \(write it in quotes/],
    ['TOKEN', ['a'], /text, or secret \(or configMap\) and key/],
  ])('%s from %j is an issue', (name, value, message) => {
    const { issues } = evaluate({ ...SMALLEST, server: { env: { [name]: value } } });
    expect(said(issues)).toEqual([`server.env.${name}`]);
    expect(issues[0]?.message).toMatch(message);
  });

  test.each<[unknown, string, RegExp]>([
    [{ secret: 'a' }, 'server.env.TOKEN.key', /is missing/],
    [{ ...secret, secret: 'A B' }, 'server.env.TOKEN.secret', /lowercase/],
    [{ ...secret, name: 'a' }, 'server.env.TOKEN.name', /known keys: configMap, secret, key/],
  ])('%j is an issue at its part', (value, path, message) => {
    const { issues } = evaluate({ ...SMALLEST, server: { env: { TOKEN: value } } });
    expect(said(issues)).toEqual([path]);
    expect(issues[0]?.message).toMatch(message);
  });
});
