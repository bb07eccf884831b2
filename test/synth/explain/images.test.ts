import { join } from 'node:path';
import { command } from '../../support/support';
import { SynthSetting } from '../../support/synth-setting';
import { deployment } from '../user-objects/cases';

const setting = new SynthSetting();
const { environment, dist, write } = setting;

describe('synth --explain images', () => {
  const explain = (...names: string[]) =>
    command('synth', ...names, '--explain', 'images', '--environments', join(setting.folder, 'environments'));

  test('lists every image once, sorted, and writes nothing', async () => {
    environment('a', 'backup: { destination: { claim: {} } }\nimage: { registry: registry.example.com }\n');
    environment('b');
    const lines = [
      'ghcr.io/mlflow/mlflow:v3.18.0-full',
      'registry.example.com/library/postgres:17.11-trixie',
      'registry.example.com/mlflow/mlflow:v3.18.0-full',
    ];
    expect(await explain()).toMatchObject({ code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' });
    expect((await explain('b')).stdout).toBe('ghcr.io/mlflow/mlflow:v3.18.0-full\n');
    expect(dist()).toEqual({});
  });

  test('sees patches, containers and objects of users', async () => {
    const container = '{ name: more, image: "example.com/sidecar:1.0.0" }';
    const volume = '{ name: files, image: { reference: "example.com/files:1.0.0" } }';
    environment(
      'a',
      `allow: [weak-pods]
server: { sidecars: [${container}] }
patches:
  - kind: Deployment
    name: mlflow
    operations:
      - { op: replace, path: /spec/template/spec/containers/0/image, value: "example.com/patched:1.0.0" }
      - { op: add, path: /spec/template/spec/volumes/-, value: ${volume} }
`,
    );
    write('environments/a/objects/proxy.yaml', deployment('proxy'));
    expect((await explain()).stdout.trim().split('\n')).toEqual([
      'example.com/files:1.0.0',
      'example.com/patched:1.0.0',
      'example.com/sidecar:1.0.0',
      'ghcr.io/mlflow/mlflow:v3.18.0-full',
      'registry.example.com/proxy:1.2.3',
    ]);
  });
});
