import type { EnvironmentInput } from '../../../../lib/environment/model';
import type { Manifest } from '../../../../lib/synth/manifest';
import { EMBEDDED, OWN_STORES } from '../../../support/embedded-fixtures';
import { SHORT_PROGRAMS, written } from '../../../support/fixtures';
import { all, objectsOf, one, playing, podsOf, SMALLEST } from '../../../support/support';

/** The Jobs that make Secrets in the cluster, and what they may do. */

const changed = (more: EnvironmentInput = {}, programs = SHORT_PROGRAMS): Manifest[] =>
  objectsOf({ ...OWN_STORES, ...more }, programs);

describe('the generator of Secrets', () => {
  const objects = objectsOf(written(EMBEDDED), SHORT_PROGRAMS);
  const jobs = (made: readonly Manifest[]) => all(made, 'Job').map(({ metadata }) => metadata?.name ?? '');
  const commands = (made: readonly Manifest[]) =>
    podsOf(playing(made, 'secret-generator')).map(({ containers }) => containers[0]?.command?.slice(3) ?? []);
  const values = (made: readonly Manifest[]) =>
    commands(made).map((words) => words.filter((word) => !word.startsWith('--label=')));

  test('creates a Secret with the keys that pods read, and random values', () => {
    expect(values(objects)).toEqual([
      ['db', '--text=user=mlflow', '--random=pass=32'],
      ['s3', '--random=id=20', '--random=key=40'],
      [
        ...['login', '--text=user=admin', '--random=pass=24', '--random=flask=64'],
        ...['--fernet=webhooks', '--random=gateway=64', '--optional=webhooks', '--optional=gateway'],
      ],
      ['oidc-proxy', '--random=cookie=32', '--random=password=43'],
      [
        'login-of-notebooks',
        '--text=user=notebooks',
        '--random=pass=24',
        '--copy=jupyterhub/tracking-login/MLFLOW_TRACKING_USERNAME=user',
        '--copy=jupyterhub/tracking-login/MLFLOW_TRACKING_PASSWORD=pass',
      ],
      ['login-of-scraper', '--text=user=metrics', '--random=pass=32'],
    ]);
  });

  test('makes one Secret with all keys where several values are to be in one', () => {
    const credentials = { secret: 'all' };
    const shared = changed({
      database: { embedded: {}, credentials },
      artifacts: { embedded: {}, s3: { credentials } },
      auth: credentials,
    });
    expect(jobs(shared)).toHaveLength(1);
    const [words] = values(shared);
    expect(words?.map((word) => word.replace(/(^--\w+=[^=]*)=[^=]*$/, '$1'))).toEqual([
      'all',
      '--text=username',
      '--random=password',
      '--random=AWS_ACCESS_KEY_ID',
      '--random=AWS_SECRET_ACCESS_KEY',
      '--text=MLFLOW_TRACKING_USERNAME',
      '--random=MLFLOW_TRACKING_PASSWORD',
      '--random=MLFLOW_FLASK_SERVER_SECRET_KEY',
      '--fernet=MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      '--random=MLFLOW_CRYPTO_KEK_PASSPHRASE',
      '--optional=MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      '--optional=MLFLOW_CRYPTO_KEK_PASSPHRASE',
    ]);
  });

  test('gives a Secret labels that outlive a release, and none by which Argo CD would take it for its own', () => {
    for (const { env: _, command = [] } of podsOf(playing(objects, 'secret-generator')).flatMap(
      (pod) => pod.containers,
    )) {
      const given = command.filter((word) => word.startsWith('--label='));
      expect(given.map((word) => word.slice('--label='.length).split('=')[0]).toSorted()).toEqual([
        ...['app.kubernetes.io/component', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/name'],
        ...['app.kubernetes.io/part-of', 'team'],
      ]);
    }
    expect(commands(objects)).toHaveLength(6);
  });

  test.each<[string, EnvironmentInput, string[]]>([
    ['the login alone, where the stores are elsewhere', SMALLEST, ['mlflow-basic-auth']],
    [
      'keys that encrypt, where nobody logs in',
      { ...OWN_STORES, auth: { enabled: false } },
      ['mlflow-db-credentials', 'mlflow-s3-secret', 'mlflow-basic-auth'],
    ],
    [
      'nothing at all, where the release has none of these keys',
      { ...SMALLEST, auth: { enabled: false }, image: { repository: 'own/mlflow', tag: '3.2.0' } },
      [],
    ],
  ])('makes %s', (_, input, names) => {
    const made = objectsOf({ ...input, secrets: { provider: 'generated' } }, SHORT_PROGRAMS);
    expect(values(made).map(([name]) => name)).toEqual(names);
    if (names.length === 0) expect(playing(made, 'secret-generator')).toEqual([]);
  });

  test('may create Secrets, read those that it makes, and tie its own Jobs to them: nothing else', () => {
    const inOwn = objects.filter(({ metadata }) => metadata.namespace === 'ml');
    const role = one(inOwn, 'Role');
    expect(role.rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['db', 's3', 'login', 'oidc-proxy', 'login-of-notebooks', 'login-of-scraper'],
        verbs: ['get'],
      },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['login'], verbs: ['patch'] },
      { apiGroups: ['batch'], resources: ['jobs'], resourceNames: jobs(objects), verbs: ['patch'] },
    ]);
    expect(jobs(objects)).toHaveLength(6);
    expect(JSON.stringify(role.rules)).not.toMatch(/\*|"(list|watch|update|delete)/);
    const { roleRef, subjects } = one(inOwn, 'RoleBinding');
    expect(roleRef).toMatchObject({ kind: 'Role', name: role.metadata?.name });
    const accounts = new Set(podsOf(playing(objects, 'secret-generator')).map(({ spec }) => spec.serviceAccountName));
    expect(subjects).toEqual([...accounts].map((name) => ({ kind: 'ServiceAccount', name, namespace: 'ml' })));
  });

  test('is the only one with a token, and accepts no connections', () => {
    const holding = podsOf(objects).filter(({ spec }) => spec.automountServiceAccountToken !== false);
    expect([...new Set(holding.map(({ labels }) => labels['app.kubernetes.io/component']))]).toEqual([
      'secret-generator',
    ]);
    const { spec } = one(playing(objects, 'secret-generator'), 'NetworkPolicy');
    expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec?.ingress).toBeUndefined();
    // The last; those before are DNS, because an API server may have a name.
    expect(spec?.egress?.slice(2)).toEqual([
      { ports: [443, 6443, 8443, 16443].map((port) => ({ port, protocol: 'TCP' })) },
    ]);
  });

  test('tells a Job its own name, by a label that Kubernetes gives it', () => {
    for (const { containers, labels } of podsOf(playing(objects, 'secret-generator'))) {
      const [name] = containers[0]?.env ?? [];
      expect(name).toEqual({ name: 'JOB_NAME', valueFrom: { fieldRef: { fieldPath: "metadata.labels['job-name']" } } });
      expect(labels).not.toHaveProperty('job-name');
    }
  });

  const before = jobs(changed());
  test.each<[string, EnvironmentInput]>([
    ['the MLflow release', { image: { tag: 'v3.17.2-full' } }],
    ['the Secret for the registry', { image: { pullSecret: 'registry' } }],
    ['a label of the environment', { labels: { team: 'ml' } }],
    ['the nodes that it may run on', { server: { nodeSelector: { disk: 'ssd' } } }],
    ['a taint that it tolerates', { server: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } }],
    ['its priority', { server: { priorityClassName: 'high' } }],
  ])('makes other Jobs when %s changes, which is in them', (_, change) => {
    const after = jobs(changed(change));
    expect(after).toHaveLength(before.length);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
  });

  test('makes other Jobs when its program changes', () => {
    const after = jobs(changed({}, { ...SHORT_PROGRAMS, 'secret_generator/__main__.py': '# new' }));
    expect(after.filter((name) => before.includes(name))).toEqual([]);
  });

  test('makes one other Job when one Secret changes', () => {
    const after = jobs(changed({ auth: { passwordKey: 'other' } }));
    expect(after.filter((name) => !before.includes(name))).toEqual([expect.stringMatching(/^mlflow-login-secret-/)]);
  });

  test.each<[string, EnvironmentInput]>([
    ['the server', { server: { replicas: 2, workers: 1 } }],
    ['a store', { database: { embedded: { image: { tag: '18.1' } } } }],
    ['the namespace', { namespace: { name: 'other' } }],
  ])('makes no other Job when %s changes, which is not in them', (_, change) => {
    expect(jobs(changed(change))).toEqual(before);
  });

  test('creates no other Job when labels, annotations and those of nodes are in another order', () => {
    const [a, b] = [
      { x: '1', y: '2' },
      { y: '2', x: '1' },
    ];
    const written = (map: Record<string, string>) =>
      jobs(changed({ labels: map, annotations: map, server: { nodeSelector: map } }));
    expect(written(a)).toEqual(written(b));
  });
});
