import { SynthSetting } from '../support/synth-setting';

const { environment, synth, dist } = new SynthSetting();

const orderIn = (text: string, line: string) => text.indexOf(line);

describe('synth', () => {
  test('--check tells what is stale, and writes nothing', async () => {
    environment('a');
    expect(await synth('--check')).toMatchObject({ code: 1 });
    expect(dist()).toEqual({});
    await synth();
    expect(await synth('--check')).toMatchObject({ code: 0, stderr: '', stdout: '' });
    const before = dist();
    environment('a', 'service: { port: 80 }\nnetworkPolicy: { enabled: false }\n');
    const { code, issues } = await synth('--check');
    expect(code).toBe(1);
    expect(issues).toEqual([
      expect.stringMatching(/dist\/a\/network-policy\.k8s\.yaml: is stale .*remove/),
      expect.stringMatching(/dist\/a\/service\.k8s\.yaml: is stale .*update/),
    ]);
    expect(dist()).toEqual(before);
  });

  test('--diff shows what would change, object by object and field by field, and writes nothing', async () => {
    environment('a');
    await synth();
    expect((await synth('--diff')).stdout).toBe('no object changes\n');
    const before = dist();
    environment(
      'a',
      'service: { port: 80 }\nnetworkPolicy: { enabled: false }\nstorage: { data: {} }\nserver: { env: { A: b }, logLevel: DEBUG }\n',
    );
    const { code, stdout } = await synth('--diff');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(
      [
        '+ PersistentVolumeClaim mlflow/mlflow-data (a/storage.k8s.yaml)',
        '~ Deployment mlflow/mlflow (a/deployment.k8s.yaml)',
        '    ~ spec.template.spec.containers[server].env[MLFLOW_LOGGING_LEVEL].value: "INFO" -> "DEBUG"',
        '    ~ spec.template.spec.containers[server].env[UVICORN_LOG_LEVEL].value: "info" -> "debug"',
        '    + spec.template.spec.containers[server].env[A]: {"name":"A","value":"b"}',
        '    + spec.template.spec.initContainers[prepare].env[A]: {"name":"A","value":"b"}',
        '- NetworkPolicy mlflow/mlflow (a/network-policy.k8s.yaml)',
        '~ Service mlflow/mlflow (a/service.k8s.yaml)',
        '    ~ spec.ports[http].port: 5000 -> 80',
      ].toSorted((x, y) => orderIn(stdout, x) - orderIn(stdout, y)),
    );
    expect(dist()).toEqual(before);
  });

  test('--diff says what a change of the release does to the databases, and what to do about it', async () => {
    const image = (tag: string, more = '') =>
      environment('a', `image: { repository: own/mlflow, tag: ${tag} }\n${more}`);
    const notes = async () => {
      const { code, stdout } = await synth('--diff');
      expect(code).toBe(0);
      return stdout.split('\n').filter((line) => line.startsWith('! '));
    };
    image('3.1.0');
    await synth();
    expect(await notes()).toEqual([]);
    image('3.18.0');
    expect(await notes()).toEqual([
      '! a: MLflow 3.1.0 -> 3.18.0 migrates the tracking schema (6953534de441 -> f4a9b2c7d1e6) and the auth schema (8606fa83a998 -> f1a2b3c4d5e6, in another table); the only way back is a backup, so take one first',
      '! a: server.rollout is RollingUpdate: the new pods will refuse to migrate while old ones run (prepare exits with 16), and the old ones keep serving',
      '! a: set server.rollout: Recreate for the upgrade, or scale the Deployment to 0 before you apply (docs/upgrade.md)',
    ]);
    image('3.18.0', 'server: { rollout: Recreate }\n');
    expect((await notes()).at(-1)).toMatch(/^! a: server\.rollout is Recreate: all old pods terminate/);
    // Another build of the same release, and other variables: no other release.
    image('3.1.0-5', 'server: { logLevel: DEBUG }\n');
    expect(await notes()).toEqual([]);
  });
});
