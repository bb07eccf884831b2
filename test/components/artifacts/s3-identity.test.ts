import { accountsOf } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { all, container, objectsOf, one, podsOf, resolved, SMALLEST, variables } from '../../support/support';
import { COPIES, copiedTo, type Identity, IRSA, POD_IDENTITY, ROLE } from './identities';
import { accountsIn, blocksOf, containersOf, providedBy, textsLike } from './rendered';

/** S3 by the identity of the pods: what is rendered for it, and that no key is anywhere. */

const FOLDER = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const AGENTS = ['169.254.170.23/32', 'fd00:ec2::23/128'];

/** Every pod that uses the store; without a backup of its own identity. */
const withIdentity = (identity: Identity, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  artifacts: { access: 'direct', s3: { bucket: 'artifacts', region: 'eu-central-1', identity } },
  backup: { artifacts: true, destination: { claim: {} } },
  garbageCollection: {},
  smokeTest: { enabled: true },
  monitoring: { metrics: {} },
  ...more,
});

const USERS = ['prepare', 'server', 'garbage-collection', 'smoke-test', 'backup', 'restore'];

/** What of all objects names a key of S3, or a Secret for one. */
const keysIn = (objects: readonly Manifest[]): string[] =>
  textsLike(objects, /ACCESS_KEY|SESSION_TOKEN|s3-secret|accessKey/i);

describe.each(['existing', 'generated', 'sealed', 'external'] as const)('with Secrets that are %s', (provider) => {
  const secrets = providedBy(provider);

  test.each([
    ['IRSA', IRSA],
    ['EKS Pod Identity', POD_IDENTITY],
  ])('no object contains or names a key of S3 with %s', (_, identity) => {
    for (const more of [{}, copiedTo(identity)]) {
      const environment = resolved(withIdentity(identity, { ...secrets, ...more }));
      expect(environment.requiredSecrets.map(({ name }) => name)).toEqual([
        'mlflow-db-credentials',
        'mlflow-basic-auth',
        'mlflow-metrics',
      ]);
      if (provider === 'sealed') continue;
      expect(keysIn(objectsOf(withIdentity(identity, { ...secrets, ...more })))).toEqual([]);
    }
  });
});

test('with keys, all of that is found', () => {
  const { artifacts: _, ...others } = withIdentity(IRSA);
  const objects = objectsOf({ ...others, artifacts: { access: 'direct', s3: { bucket: 'artifacts' } } });
  expect(keysIn(objects).length).toBeGreaterThan(10);
});

describe('IRSA', () => {
  const objects = objectsOf(withIdentity(IRSA));

  test('gives the role to the account of the server, as which all programs run that use the store', () => {
    const accounts = accountsIn(objects);
    expect(accounts).toEqual([['mlflow', { 'eks.amazonaws.com/role-arn': ROLE }]]);
    for (const { spec } of podsOf(objects)) expect(spec.serviceAccountName).toBe('mlflow');
    expect(accountsOf(resolved(withIdentity(IRSA)))).toEqual([]);
  });

  test.each(USERS)('gives the container %s a token for STS alone, as the webhook of EKS does', (name) => {
    const each = containersOf(objects).find((one) => one.name === name);
    expect(variables(container(objects, name))).toMatchObject({
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: `${FOLDER}/token`,
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(each?.volumeMounts).toContainEqual({ name: 'aws-iam-token', mountPath: FOLDER, readOnly: true });
    expect(each?.spec.automountServiceAccountToken).toBe(false);
    const token = { audience: 'sts.amazonaws.com', expirationSeconds: 86_400, path: 'token' };
    expect(each?.spec.volumes).toContainEqual({
      name: 'aws-iam-token',
      projected: { sources: [{ serviceAccountToken: token }] },
    });
  });

  test('gives other containers nothing, and tells the webhook so', () => {
    const others = containersOf(objects).filter(({ name }) => !USERS.includes(name));
    expect(others.map(({ name }) => name).sort()).toEqual(['metrics', 'postgresql-client', 'postgresql-client']);
    for (const { env = [], volumeMounts = [] } of others) {
      expect(env.filter(({ name }) => name.startsWith('AWS_'))).toEqual([]);
      expect(volumeMounts.filter(({ name }) => name === 'aws-iam-token')).toEqual([]);
    }
    const skipped = (input: EnvironmentInput) =>
      one(objectsOf(input), 'Deployment').spec?.template.metadata?.annotations?.['eks.amazonaws.com/skip-containers'];
    const sidecars = [{ name: 'proxy', image: `proxy@sha256:${'0'.repeat(64)}` }];
    expect(skipped(withIdentity(IRSA))).toBe('metrics');
    expect(skipped(withIdentity(IRSA, { server: { sidecars } }))).toBe('metrics,proxy');
    const podAnnotations = { 'eks.amazonaws.com/skip-containers': 'metrics' };
    expect(skipped(withIdentity(IRSA, { server: { sidecars, podAnnotations } }))).toBe('metrics');
    expect(skipped({ ...SMALLEST, monitoring: { metrics: {} } })).toBeUndefined();
  });

  test('uses an existing account too', () => {
    const existing = objectsOf(withIdentity(IRSA, { server: { serviceAccount: { create: false, name: 'tracker' } } }));
    expect(all(existing, 'ServiceAccount')).toEqual([]);
    for (const { spec } of podsOf(existing)) expect(spec.serviceAccountName).toBe('tracker');
  });

  test('asks the STS of a compatible store, with a token for it', () => {
    const irsa = {
      roleArn: 'arn:minio:iam:::role/mlflow',
      audience: 'minio',
      stsEndpoint: 'http://minio.minio.svc:9000',
    };
    const input = withIdentity({ irsa });
    const s3 = { ...input.artifacts?.s3, endpoint: 'http://minio.minio.svc:9000' };
    const compatible = objectsOf({ ...input, artifacts: { s3 } });
    expect(variables(container(compatible, 'server'))).toMatchObject({ AWS_ENDPOINT_URL_STS: irsa.stsEndpoint });
    expect(JSON.stringify(one(compatible, 'Deployment'))).toContain('"audience":"minio"');
  });
});

describe('EKS Pod Identity', () => {
  const objects = objectsOf(withIdentity(POD_IDENTITY));

  test('leaves what its webhook adds to the webhook', () => {
    for (const { metadata } of all(objects, 'ServiceAccount')) expect(metadata?.annotations).toBeUndefined();
    for (const { env = [], spec } of containersOf(objects)) {
      expect(env.filter(({ name }) => /AWS_(CONTAINER|ROLE|WEB)/.test(name))).toEqual([]);
      expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken');
    }
    expect(variables(container(objects, 'server'))).toMatchObject({ AWS_EC2_METADATA_DISABLED: 'true' });
  });

  test.each(['mlflow', 'mlflow-gc', 'mlflow-backup', 'mlflow-smoke-test'])(
    'lets the pods of %s reach the agent',
    (name) => {
      for (const agent of AGENTS)
        expect(blocksOf(objects, name)).toContainEqual([agent, [{ port: 80, protocol: 'TCP' }]]);
    },
  );
});

describe('an identity for backups', () => {
  test('is that of the pods of backup and restore, which have an account of their own', () => {
    const objects = objectsOf(withIdentity(IRSA, copiedTo({ irsa: { roleArn: COPIES } })));
    const accounts = accountsIn(objects);
    expect(accounts).toEqual(
      expect.arrayContaining([
        ['mlflow', { 'eks.amazonaws.com/role-arn': ROLE }],
        ['mlflow-backup', { 'eks.amazonaws.com/role-arn': COPIES }],
      ]),
    );
    for (const name of ['backup', 'restore']) {
      const given = containersOf(objects).find((each) => each.name === name);
      expect(given?.spec.serviceAccountName).toBe('mlflow-backup');
      expect(given?.env?.filter((each) => each.name === 'AWS_ROLE_ARN')).toEqual([
        { name: 'AWS_ROLE_ARN', value: COPIES },
      ]);
    }
    expect(variables(container(objects, 'server')).AWS_ROLE_ARN).toBe(ROLE);
  });

  test('trusts the CA of an STS for that store alone', () => {
    const endpoint = 'https://minio.example.com';
    const tls = { ca: { configMap: 'company-ca' } };
    const identity = { irsa: { roleArn: ROLE, stsEndpoint: endpoint } };
    const own = { endpoint, tls, identity };
    const bundles = (input: EnvironmentInput) =>
      Object.entries(variables(container(objectsOf({ ...SMALLEST, ...input }), 'backup'))).filter(([name]) =>
        name.endsWith('CA_BUNDLE'),
      );
    const system = '/etc/ssl/certs/ca-certificates.crt';
    expect(
      bundles({
        artifacts: { s3: { bucket: 'artifacts', ...own } },
        backup: { artifacts: true, destination: { s3: { bucket: 'copies' } } },
      }).sort(),
    ).toEqual([
      ['AWS_CA_BUNDLE', '/etc/mlflow/artifacts-ca/ca.crt'],
      ['BACKUP_ARTIFACTS_CA_BUNDLE', '/etc/mlflow/artifacts-ca/ca.crt'],
      ['BACKUP_AWS_CA_BUNDLE', system],
    ]);
    expect(
      bundles({
        artifacts: { s3: { bucket: 'artifacts' } },
        backup: { artifacts: true, destination: { s3: { bucket: 'copies', ...own } } },
      }).sort(),
    ).toEqual([
      ['AWS_CA_BUNDLE', '/etc/mlflow/backup-ca/ca.crt'],
      ['BACKUP_ARTIFACTS_CA_BUNDLE', system],
      ['BACKUP_AWS_CA_BUNDLE', '/etc/mlflow/backup-ca/ca.crt'],
    ]);
  });

  test('leaves keys of the artifacts where the SDK does not look for those of the backups', () => {
    const { artifacts: _, ...others } = withIdentity(IRSA, copiedTo(IRSA));
    const objects = objectsOf({ ...others, artifacts: { s3: { bucket: 'artifacts' } } });
    const names = Object.keys(variables(container(objects, 'backup')));
    expect(names).toEqual(expect.arrayContaining(['BACKUP_ARTIFACTS_AWS_SECRET_ACCESS_KEY', 'AWS_ROLE_ARN']));
    expect(names).not.toContain('AWS_ACCESS_KEY_ID');
    expect(variables(container(objects, 'server')).AWS_ROLE_ARN).toBeUndefined();
  });
});
