import type { EnvironmentInput } from '../../../lib/environment/model';
import { all, container, objectsOf, playing, podsOf, resolved, walk } from '../../support/support';

const FILES: EnvironmentInput = {
  database: { host: 'db.example.com' },
  artifacts: { volume: {} },
  garbageCollection: {},
  smokeTest: { enabled: true },
  backup: { destination: { claim: {} }, artifacts: true },
};
const objects = objectsOf(FILES);
const isFiles = ({ claimName }: { claimName?: string } = {}) => claimName === 'mlflow-artifacts';

test('the server and backups mount the claim, writable, and no other pod does', () => {
  const mounting = podsOf(objects).filter(({ spec: { volumes = [] } }) =>
    volumes.some(({ persistentVolumeClaim }) => isFiles(persistentVolumeClaim)),
  );
  expect(mounting.map(({ spec }) => spec.containers[0]?.name).toSorted()).toEqual(['backup', 'restore', 'server']);
  for (const name of ['prepare', 'server', 'backup', 'restore'])
    expect(container(objects, name).volumeMounts).toContainEqual({ name: 'artifacts', mountPath: '/var/lib/mlflow' });
});

test('nothing names S3: no key, no variable, no way out', () => {
  const said = walk(objects.filter(({ kind }) => kind !== 'ConfigMap')).filter(
    ({ value }) => typeof value === 'string' && /AWS_|S3|s3-secret|s3:\/\//.test(value),
  );
  expect(said).toEqual([]);
  const ports = all(playing(objects, 'server'), 'NetworkPolicy').flatMap(({ spec }) =>
    (spec?.egress ?? []).flatMap(({ ports: each = [] }) => each.map(({ port }) => port)),
  );
  expect(ports).toEqual([53, 53, 5432]);
  expect(resolved(FILES).requiredSecrets.map(({ name }) => name)).not.toContain('mlflow-s3-secret');
});

test.each(['external', 'sealed', 'generated', 'existing'] as const)(
  'no Secret of S3 with the provider %s',
  (provider) => {
    const store = provider === 'external' ? { external: { store: { name: 'vault' } } } : {};
    const secrets = resolved({ ...FILES, secrets: { provider, ...store } }).requiredSecrets;
    expect(secrets.flatMap(({ keys }) => keys).filter(({ purpose }) => purpose === 'object-store')).toEqual([]);
  },
);

test('a backup runs on the node that has the volume; a restore, which follows the server, anywhere', () => {
  const affinityOf = (given: EnvironmentInput, name: string) =>
    podsOf(objectsOf(given)).find(({ containers }) => containers[0]?.name === name)?.spec.affinity;
  expect(affinityOf(FILES, 'backup')).toEqual({
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          labelSelector: {
            matchLabels: {
              'app.kubernetes.io/name': 'mlflow',
              'app.kubernetes.io/instance': 'mlflow',
              'app.kubernetes.io/component': 'server',
            },
          },
          topologyKey: 'kubernetes.io/hostname',
        },
      ],
    },
  });
  expect(affinityOf(FILES, 'restore')).toBeUndefined();
  const shared = { ...FILES, artifacts: { volume: { accessMode: 'ReadWriteMany' } } } as const;
  expect(affinityOf(shared, 'backup')).toBeUndefined();
});

test.each([
  ['ReadWriteOnce', 'Recreate'],
  ['ReadWriteOncePod', 'Recreate'],
  ['ReadWriteMany', 'RollingUpdate'],
] as const)('a claim that is %s means %s', (accessMode, rollout) => {
  const given = { ...FILES, backup: undefined, artifacts: { volume: { accessMode } } };
  expect(resolved(given).server.rollout).toBe(rollout);
  const claims = all(objectsOf(given), 'PersistentVolumeClaim');
  expect(claims.map(({ metadata, spec }) => [metadata?.name, spec?.accessModes])).toEqual([
    ['mlflow-artifacts', [accessMode]],
  ]);
});

test('a claim that exists is mounted and not created', () => {
  const existing = objectsOf({ ...FILES, artifacts: { volume: { create: false, name: 'files' } } });
  expect(all(existing, 'PersistentVolumeClaim').map(({ metadata }) => metadata?.name)).toEqual(['mlflow-backup']);
});
