import type { SealingCertificate } from '../../lib/sealed-secrets/certificate';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import { manifestLines } from '../../lib/sealed-secrets/manifest-lines';
import { CERTIFICATE, manifest, PAIR, sealedFor } from '../support/sealed-manifest';
import { unsealAll } from '../support/unseal';

const good = sealedFor('mlflow', 'login', 'hunter2');

const read = (text: string, certificates: readonly SealingCertificate[] | undefined = [CERTIFICATE]) =>
  readSealedSecrets(text, 's.yaml', certificates);

describe('a file of SealedSecrets', () => {
  test('may be empty, or hold only comments and empty documents', () => {
    for (const text of ['', '\n', '# nothing yet\n', '---\n', '---\n---\n# none\n', '\ufeff']) {
      expect(read(text)).toEqual({ secrets: [], issues: [] });
    }
  });

  test('gives all content of a SealedSecret, with positions', () => {
    const text = `# by hand
${manifest(
  [
    `username: ${good.ciphertext}`,
    `password: ${good.ciphertext} # certificate ${good.note.certificate}, seal ${good.note.seal}`,
  ],
  `  template:
    data:
      config.ini: "[mlflow]\\npassword = {{ .password }}"
    immutable: true
    metadata:
      annotations:
        a/b: c
      creationTimestamp: null
      labels: {team: ml}
      name: login
      namespace: mlflow
    type: kubernetes.io/basic-auth
status: {}
`,
)}`;
    const { secrets, issues } = read(text);
    expect(issues).toEqual([]);
    expect(secrets).toHaveLength(1);
    const [secret] = secrets;
    const at = (line: number, column: number) => ({ file: 's.yaml', line, column });
    expect(secret).toMatchObject({ namespace: 'mlflow', name: 'login', scope: 'strict', at: at(3, 1) });
    expect(secret?.encryptedData).toEqual(
      new Map([
        [
          'username',
          { value: good.ciphertext, at: at(11, 5), path: ['spec', 'encryptedData', 'username'], note: undefined },
        ],
        [
          'password',
          { value: good.ciphertext, at: at(12, 5), path: ['spec', 'encryptedData', 'password'], note: good.note },
        ],
      ]),
    );
    expect(secret?.template).toEqual({
      at: at(13, 3),
      immutable: true,
      type: { value: 'kubernetes.io/basic-auth', at: at(24, 5), path: ['spec', 'template', 'type'] },
      labels: new Map([
        ['team', { value: 'ml', at: at(21, 16), path: ['spec', 'template', 'metadata', 'labels', 'team'] }],
      ]),
      annotations: new Map([
        ['a/b', { value: 'c', at: at(19, 9), path: ['spec', 'template', 'metadata', 'annotations', 'a/b'] }],
      ]),
      data: new Map([
        [
          'config.ini',
          {
            value: '[mlflow]\npassword = {{ .password }}',
            at: at(15, 7),
            path: ['spec', 'template', 'data', 'config.ini'],
          },
        ],
      ]),
    });
  });

  test('is read as JSON, as a List, and as it comes from a cluster', () => {
    const object = {
      kind: 'SealedSecret',
      apiVersion: 'bitnami.com/v1alpha1',
      metadata: {
        name: 'login',
        namespace: 'mlflow',
        uid: 'x',
        generation: 2,
        resourceVersion: '1',
        creationTimestamp: '2026-01-01T00:00:00Z',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'ml' },
        labels: { a: 'b' },
      },
      spec: { template: { metadata: { creationTimestamp: null } }, encryptedData: { password: good.ciphertext } },
      status: { conditions: [{ type: 'Synced', status: 'True' }] },
    };
    const other = { ...object, metadata: { name: 'other', namespace: 'mlflow' } };
    for (const text of [
      JSON.stringify(object, null, 2),
      `${JSON.stringify(object)}\n---\n${JSON.stringify(other)}`,
      JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [object, other] }),
    ]) {
      const { secrets, issues } = read(text);
      expect(issues).toEqual([]);
      expect([...(secrets[0]?.annotations.keys() ?? [])]).toEqual(['team']);
      expect(secrets.map(({ name }) => name)).toEqual(['login', 'other'].slice(0, secrets.length));
    }
  });

  test.each([
    ['strict', {}],
    ['namespace-wide', { 'sealedsecrets.bitnami.com/namespace-wide': 'true' }],
    ['cluster-wide', { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }],
    [
      'cluster-wide',
      { 'sealedsecrets.bitnami.com/namespace-wide': 'true', 'sealedsecrets.bitnami.com/cluster-wide': 'true' },
    ],
    ['strict', { 'sealedsecrets.bitnami.com/namespace-wide': 'false' }],
  ] as const)('says the scope %s by its annotations', (scope, annotations) => {
    const text = manifest([`password: ${good.ciphertext}`]).replace(
      'name: login',
      `annotations: ${JSON.stringify(annotations)}\n  name: login`,
    );
    const { secrets, issues } = read(text);
    expect(issues).toEqual([]);
    expect(secrets[0]?.scope).toBe(scope);
  });

  test.each(['strict', 'namespace-wide', 'cluster-wide'] as const)('is rewritten so that it opens, %s', (scope) => {
    const target = { namespace: 'mlflow', name: '1.20', scope, type: 'kubernetes.io/dockerconfigjson' };
    const values = new Map(
      ['.dockerconfigjson', 'null', '1.20', 'a.b-c_d', 'on', '0x1', '-', '.a'].map((key) => [
        key,
        sealedFor('mlflow', '1.20', key, scope),
      ]),
    );
    const { secrets, issues } = read(manifestLines(target, values).join('\n'));
    expect(issues).toEqual([]);
    const [secret] = secrets;
    expect(secret?.template.type?.value).toBe(target.type);
    expect(secret?.scope).toBe(scope);
    expect([...(secret?.template.annotations.keys() ?? [])]).toEqual([...(secret?.annotations.keys() ?? [])]);
    const opened = secret ? unsealAll(secret, PAIR.privateKey) : new Map<string, Buffer>();
    expect([...opened].map(([key, value]) => [key, value.toString()])).toEqual(
      [...values.keys()].map((key) => [key, key]),
    );
  });

  test('may break a ciphertext over the lines of a block, as the controller does not mind', () => {
    const lines = good.ciphertext.match(/.{1,76}/g) ?? [];
    const text = manifest([
      `password: | # certificate ${good.note.certificate}, seal ${good.note.seal}`,
      ...lines.map((line) => `  ${line}`),
    ]);
    const { secrets, issues } = read(text);
    expect(issues).toEqual([]);
    expect(secrets[0]?.encryptedData.get('password')).toMatchObject({ value: good.ciphertext, note: good.note });
  });
});
