import type { EnvironmentInput } from '../../../lib/environment/model';
import { composeEnvironment } from '../../../lib/synth/compose';
import { explainSecrets } from '../../../lib/synth/explain/secrets';
import { EMBEDDED } from '../../support/embedded-fixtures';
import { FULLEST, SHORT_PROGRAMS, written } from '../../support/fixtures';
import { sealedOf } from '../../support/sealed-secrets';
import { resolved, SMALLEST } from '../../support/support';

const explained = (input: EnvironmentInput) => {
  const environment = resolved(input);
  const { files, issues } = composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(environment));
  expect(issues).toEqual([]);
  return { environment, lines: explainSecrets({ name: 'small', environment } as never, files) };
};

describe('synth --explain secrets', () => {
  test.each([
    ['smallest', SMALLEST],
    ['fullest', written(FULLEST)],
    ['embedded', written(EMBEDDED)],
  ] as const)('names every Secret and key that the environment needs: %s', (_, input) => {
    const { environment, lines } = explained(input);
    for (const { namespace, name, keys } of environment.requiredSecrets) {
      const start = lines.findIndex((line) => line.startsWith(`${namespace}/${name} (`));
      expect([name, start]).not.toEqual([name, -1]);
      const own = lines.slice(start + 1, start + 1 + keys.length);
      keys.forEach(({ key, keyName, optional }, index) => {
        expect(own[index]).toMatch(/^ {2}\S+ +\S+\.\S+ +\S/);
        expect(own[index]?.trim().split(/ +/)[0]).toBe(key);
        expect(own[index]).toContain(keyName);
        expect(own[index]).toContain(optional ? 'optional' : 'required');
      });
    }
  });

  const providers: readonly (readonly [EnvironmentInput['secrets'], RegExp])[] = [
    [{ provider: 'existing' }, /: you create it, or another tool$/],
    [{ provider: 'sealed' }, /: the Sealed Secrets controller creates it, from sealed-secrets\.yaml$/],
    [
      { provider: 'external', external: { store: { name: 'vault', kind: 'SecretStore' } } },
      /: the External Secrets operator creates it, from SecretStore vault$/,
    ],
  ];

  test.each(providers)('says what creates them: %j', (secrets, said) => {
    const { lines } = explained({ ...SMALLEST, secrets });
    expect(lines[0]).toBe(`# small: 3 Secrets, provider ${secrets?.provider}`);
    for (const line of lines.filter((each) => each.startsWith('mlflow/'))) expect(line).toMatch(said);
  });

  test('says where the value of each key is in the external store, as the ExternalSecrets do', () => {
    const { lines } = explained({
      ...SMALLEST,
      image: { pullSecret: 'harbor-pull' },
      clients: [{ namespace: 'lab', user: 'ann' }],
      auth: { users: [{ name: 'ann', permission: 'READ' }] },
      secrets: {
        provider: 'external',
        external: {
          store: { name: 'vault' },
          prefix: 'mlflow/ml/',
          remote: {
            'mlflow-db-credentials': {
              key: 'postgres/ml',
              version: '7',
              keys: { password: { key: 'postgres/password' } },
            },
          },
        },
      },
    });
    const cells = lines.map((line) => line.trim().split(/ {2,}/));
    const whereIs = (secret: string) => {
      const start = lines.findIndex((line) => line.startsWith(`${secret} (`));
      const end = lines.findIndex((line, index) => index > start && !line.startsWith('  '));
      return cells.slice(start + 1, end).map(([key, , where]) => `${key} ${where}`);
    };
    expect(whereIs('mlflow/harbor-pull')).toEqual([
      '.dockerconfigjson in mlflow/ml/harbor-pull, property dockerconfigjson',
    ]);
    expect(whereIs('mlflow/mlflow-db-credentials')).toEqual([
      'username in postgres/ml, property username, version 7',
      'password in postgres/password, version 7',
    ]);
    expect(whereIs('lab/mlflow-client')[0]).toBe(
      'MLFLOW_TRACKING_USERNAME in mlflow/ml/mlflow-user-ann, property MLFLOW_TRACKING_USERNAME',
    );
    // One value that the store lacks would keep the operator from creating the Secret.
    expect(whereIs('mlflow/mlflow-basic-auth').at(-1)).toBe('MLFLOW_CRYPTO_KEK_PASSPHRASE not read from the store');
    expect(lines).toContain('  ClusterSecretStore  vault');
  });

  test('tells generated Secrets, with their copies, from those that only you know', () => {
    const { lines } = explained({
      ...SMALLEST,
      artifacts: { embedded: {} },
      secrets: { provider: 'generated' },
      auth: { users: [{ name: 'ann', permission: 'READ' }] },
      clients: [{ namespace: 'lab', user: 'ann' }],
    });
    const creators = lines.flatMap((line) => /^(\S+) \(.*\): (.*)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
    expect(creators).toEqual([
      'mlflow/mlflow-db-credentials you create it: its values are known elsewhere',
      'mlflow/mlflow-s3-secret a Job creates it if it is missing',
      'mlflow/mlflow-basic-auth a Job creates it if it is missing',
      'mlflow/mlflow-user-ann a Job creates it if it is missing',
      'lab/mlflow-client a Job creates it if it is missing',
    ]);
    expect(lines.join('\n')).toContain('the value of mlflow/mlflow-user-ann MLFLOW_TRACKING_PASSWORD, required');
  });

  test('names objects of users that create a Secret', () => {
    const environment = resolved(SMALLEST);
    const spec = {
      target: { name: 'mlflow-db-credentials' },
      data: ['username', 'password'].map((secretKey) => ({ secretKey, remoteRef: { key: 'database' } })),
    };
    const manifest = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'mine' }, spec };
    const { files, issues } = composeEnvironment(environment, SHORT_PROGRAMS, [], [{ manifest }]);
    expect(issues).toEqual([]);
    const lines = explainSecrets({ name: 'small', environment } as never, files);
    expect(lines).toContain('mlflow/mlflow-db-credentials (Opaque): ExternalSecret mine creates it');
    expect(lines).toContain('mlflow/mlflow-s3-secret (Opaque): you create it, or another tool');
  });

  test('names what pods read besides', () => {
    const { lines } = explained({
      ...SMALLEST,
      database: { host: 'postgres', tls: { mode: 'verify-full', ca: { secret: 'authorities' } } },
      server: { envFrom: [{ secret: 'tokens' }], env: { HF_TOKEN: { secret: 'huggingface', key: 'token' } } },
    });
    expect(lines[0]).toBe('# small: 6 Secrets, provider existing');
    const text = lines.join('\n');
    const you = 'you create it, or another tool, whatever the provider';
    expect(text).toContain(`mlflow/huggingface: ${you}\n  token  read by pods`);
    expect(text).toContain(`mlflow/tokens: ${you}\n  *  read by pods as a whole`);
    expect(text).toContain(`mlflow/authorities: ${you}\n  ca.crt  read by pods`);
  });

  test('names the certificates of Ingresses', () => {
    const environment = resolved(SMALLEST);
    const backend = { service: { name: 'mlflow', port: { number: 5000 } } };
    const spec = { tls: [{ hosts: ['a.example.com'], secretName: 'mlflow-tls' }], defaultBackend: backend };
    const manifest = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec };
    const { files, issues } = composeEnvironment(environment, SHORT_PROGRAMS, [], [{ manifest }]);
    expect(issues).toEqual([]);
    const lines = explainSecrets({ name: 'small', environment } as never, files);
    const start = lines.findIndex((line) => line.startsWith('mlflow/mlflow-tls: you create it'));
    expect(lines.slice(start + 1, start + 3)).toEqual([
      '  tls.crt  certificate of Ingress web',
      '  tls.key  its private key',
    ]);
  });

  test.each<readonly [string, EnvironmentInput, string, string]>([
    [
      'an issuer',
      { ingress: { host: 'a.example.com', controller: 'traefik', tls: { issuer: 'ours', issuerKind: 'Issuer' } } },
      'mlflow/mlflow-ingress-tls: cert-manager creates it, from Issuer ours',
      'Ingress',
    ],
    [
      'a Secret of a Route',
      { route: { host: 'a.example.com', tls: { secret: 'outer' } } },
      'mlflow/outer: you create it, or another tool, whatever the provider',
      'Route',
    ],
  ])('names who creates the certificate of %s', (_, input, line, kind) => {
    const { lines } = explained({ ...SMALLEST, ...input });
    const start = lines.indexOf(line);
    expect(lines.slice(start, start + 3)).toEqual([
      line,
      `  tls.crt  certificate of ${kind} mlflow`,
      '  tls.key  its private key',
    ]);
  });
});
