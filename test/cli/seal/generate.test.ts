import { Setting } from '../../support/sealing-setting';
import { DATABASE, sealAll } from './values';

let lab: Setting;
beforeEach(() => {
  lab = new Setting();
});

describe('--generate', () => {
  test('generates what no external system must know, with its copies', async () => {
    const { code, stdout } = await lab.seal('mlflow-basic-auth', '--generate');
    expect(code).toBe(0);
    expect(stdout).toContain('sealed mlflow/mlflow-basic-auth MLFLOW_TRACKING_USERNAME (admin)\n');
    const first = lab.opened;
    expect(first).toEqual({
      'mlflow/mlflow-basic-auth MLFLOW_TRACKING_USERNAME': 'admin',
      'mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD': expect.stringMatching(/^[A-Za-z0-9]{24}$/),
      'mlflow/mlflow-basic-auth MLFLOW_FLASK_SERVER_SECRET_KEY': expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    });
    for (const value of Object.values(first)) if (value !== 'admin') expect(stdout).not.toContain(value);
    await lab.seal('mlflow-basic-auth', '--generate');
    expect(lab.opened['mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD']).not.toBe(
      first['mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD'],
    );
  });

  test("gives a user's password to its copies, and the name that the environment says", async () => {
    expect(await lab.seal('mlflow-user-notebooks', '--generate')).toMatchObject({ code: 0 });
    const { opened } = lab;
    const passwords = Object.entries(opened).filter(([place]) => place.endsWith('PASSWORD'));
    expect(passwords).toHaveLength(3);
    expect(new Set(passwords.map(([, value]) => value)).size).toBe(1);
    const names = Object.entries(opened).filter(([place]) => place.endsWith('USERNAME'));
    expect(names.map(([, value]) => value)).toEqual(['notebooks', 'notebooks', 'notebooks']);
  });

  test.each([
    ['what only a store knows', DATABASE, /mlflow\/mlflow-db-credentials password comes from an external system/],
    ['a login of a registry', ['registry'], /comes from an external system/],
    [
      'a copy alone',
      ['argo/mlflow-client', 'MLFLOW_TRACKING_PASSWORD'],
      /is a copy \(seal mlflow\/mlflow-user-notebooks/,
    ],
    ['all of a Secret of copies', ['argo/mlflow-client'], /is a copy \(seal mlflow\/mlflow-user-notebooks/],
  ])('does not make %s', async (_, names, message) => {
    const { code, issues } = await lab.seal(...names, '--generate');
    expect([code, issues]).toEqual([1, [expect.stringMatching(message)]]);
    expect(lab.text).toBe('');
  });

  test('generates all values when everything else exists', async () => {
    await sealAll(lab);
    expect(await lab.seal()).toMatchObject({
      code: 0,
      stdout: `${lab.file}: all values are sealed (name a SECRET to re-seal it)\n`,
    });
    expect(Object.keys(lab.opened)).toHaveLength(14);
  });
});
