import type { Programs } from '../../lib/components/shared/programs';
import type {
  ArtifactsInput,
  BackupInput,
  DatabaseInput,
  SecretsInput,
  ServiceInput,
} from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { readPrograms } from '../../lib/synth/programs';

import { EDGES } from './edges';
import type { Every, Whole } from './every-key';
import { AUTH } from './login-fixtures';
import { SERVER } from './server-fixtures';

/** Environments in which every key stands, and short texts in place of the programs, for tests that show all of it. */

export const SHORT_PROGRAMS: Programs = Object.fromEntries(
  Object.keys(readPrograms()).map((path) => [path, `# ${path}\n`]),
);

export const DATABASE: Every<DatabaseInput> = {
  host: 'postgres.db.svc.cluster.local',
  embedded: undefined,
  port: 5433,
  name: 'tracking',
  authName: 'users',
  credentials: { secret: 'db', username: undefined, usernameKey: 'user', passwordKey: 'pass' },
  tls: { mode: 'verify-full', ca: { configMap: 'authorities', secret: undefined, key: 'db.pem' } },
  maxConnections: 500,
  create: true,
  migration: 'create',
  timeout: 120,
};

export const S3: Every<NonNullable<ArtifactsInput['s3']>> = {
  bucket: 'models',
  prefix: 'team/a',
  endpoint: 'https://s3.example.com:9443',
  region: 'eu-central-1',
  addressingStyle: 'virtual',
  credentials: { secret: 's3', accessKeyIdKey: 'id', secretAccessKeyKey: 'key' },
  identity: undefined,
  tls: { ca: { configMap: undefined, secret: 's3-ca', key: 'ca.pem' } },
  createBucket: true,
};

const EXTERNAL: Whole<NonNullable<SecretsInput['external']>> = {
  store: { name: 'vault', kind: 'SecretStore' },
  refreshInterval: '15m0s',
  prefix: 'team/',
  remote: {
    login: {
      store: { name: 'people', kind: 'ClusterSecretStore' },
      key: 'people/mlflow',
      version: '7',
      keys: { flask: { key: 'people/flask', property: 'text', version: '3' } },
    },
  },
  creationPolicy: 'Orphan',
  deletionPolicy: 'Delete',
};

export const BACKUP: Every<BackupInput> = {
  schedule: '15 4 * * 1-5',
  timeZone: 'Europe/Berlin',
  destination: {
    azure: undefined,
    claim: undefined,
    gcs: undefined,
    s3: {
      bucket: 'copies',
      endpoint: 'https://copies.example.com',
      region: 'eu-west-1',
      addressingStyle: 'path',
      credentials: { secret: 'copies', accessKeyIdKey: 'id', secretAccessKeyKey: 'key' },
      identity: undefined,
      tls: { ca: { configMap: 'authorities', secret: undefined, key: 'copies.pem' } },
      serverSideEncryption: 'aws:kms',
      kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/6d1e',
    },
    prefix: 'ml/tracking',
  },
  artifacts: true,
  retention: { count: 30, days: 90 },
  verification: { schedule: '15 6 * * 6', timeZone: 'Europe/Berlin', artifactPercentage: 25, temporaryStorage: '40Gi' },
  image: {
    repository: 'registry.example.com:5000/copies/postgres',
    tag: '18.1-trixie',
    digest: `sha256:${'76543210fedcba98'.repeat(4)}`,
  },
  timeout: 7200,
  temporaryStorage: '20Gi',
  resources: { requests: { cpu: '200m', memory: '1Gi' }, limits: { cpu: 2, memory: '2Gi' } },
};

/** Every key of monitoring. */
export const MONITORING: Whole<NonNullable<EnvironmentInput['monitoring']>> = {
  metrics: {
    credentials: { secret: 'login-of-scraper', usernameKey: 'user', passwordKey: 'pass' },
    scraper: { namespace: 'observability', labels: { app: 'prometheus' } },
  },
  serviceMonitor: { labels: { release: 'stack' }, interval: 60, timeout: 20 },
  rules: {
    labels: { release: 'stack' },
    alertLabels: { team: 'ml' },
    runbooks: 'https://git.example.com/mlflow/docs/alerts',
    thresholds: {
      downMinutes: 10,
      errorPercent: 1,
      latencySeconds: 0.5,
      restartsPerHour: 5,
      certificateDays: 14,
      claimPercent: 70,
      backupHours: 200,
      verificationHours: 300,
      connectionPercent: 90,
    },
  },
  dashboard: { labels: { grafana: 'yes' }, annotations: { grafana_folder: 'MLflow' } },
};

export const SERVICE: Every<ServiceInput> = {
  type: 'LoadBalancer',
  port: 80,
  nodePort: 30800,
  nodeAddresses: ['192.168.1.85', '2001:db8::85'],
  loadBalancerIP: '192.168.1.201',
  sourceRanges: ['192.168.1.0/24'],
  externalTrafficPolicy: 'Local',
  ipFamilies: ['IPv6', 'IPv4'],
  ipFamilyPolicy: 'RequireDualStack',
  externalIPs: ['203.0.113.9'],
  sessionAffinity: 'ClientIP',
  tls: {
    secret: 'server-tls',
    issuer: 'internal',
    issuerKind: 'Issuer',
    ca: { configMap: 'internal-ca', secret: undefined, key: 'root.pem' },
  },
  labels: { exposed: 'yes' },
  annotations: { 'example.com/pool': 'lan' },
};

/** The section of the network policy. */
export const NETWORK_POLICY: Every<NonNullable<EnvironmentInput['networkPolicy']>> = {
  enabled: true,
  clients: {
    namespaces: ['jupyterhub', 'ml'],
    pods: [
      { namespace: 'argo', labels: { app: 'workflow' } },
      { namespace: undefined, labels: { app: 'own' } },
    ],
    cidrs: ['192.168.1.0/24', 'fd00::/8'],
  },
  egress: [
    { namespace: 'gateway', cidr: undefined, ports: [8080, 8443] },
    { namespace: undefined, cidr: '10.0.0.0/8', ports: [] },
  ],
  addresses: { 's3.example.com': ['10.30.0.0/28', 'fd00:30::/64'] },
  dns: [
    { namespace: 'openshift-dns', cidr: undefined, port: 5353 },
    { namespace: undefined, cidr: '192.168.1.1/32', port: 53 },
  ],
};

/** Every key of the model, set to something that is no default. Of keys that exclude each other, one is undefined. */
export const FULLEST: Every<EnvironmentInput> = {
  extends: undefined,
  name: 'tracking',
  namespace: { name: 'ml', create: true, podSecurity: 'baseline' },
  clusterDomain: 'k8s.example.com',
  image: {
    repository: 'registry.example.com:5000/ml/mlflow',
    tag: '3.18.0-2',
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    pullPolicy: 'Always',
    pullSecret: 'registry',
    pullSecrets: undefined,
    registry: 'registry.example.com/mirror',
  },
  mlflowVersion: '3.18.0',
  server: SERVER,
  database: DATABASE,
  artifacts: { access: 'direct', azure: undefined, embedded: undefined, gcs: undefined, volume: undefined, s3: S3 },
  auth: AUTH,
  secrets: {
    provider: 'external',
    overrides: { copies: { provider: 'existing' } },
    sealed: undefined,
    external: EXTERNAL,
  },
  clients: [
    { namespace: 'jupyterhub', user: 'notebooks', configMap: 'tracking', secret: 'tracking-login' },
    { namespace: 'argo', user: undefined, configMap: undefined, secret: undefined },
  ],
  service: SERVICE,
  ...EDGES,
  networkPolicy: NETWORK_POLICY,
  storage: {
    data: { name: 'files', size: '20Gi', storageClass: 'nfs', accessMode: 'ReadWriteMany', mountPath: '/data' },
  },
  garbageCollection: {
    schedule: '15 4 * * 0',
    timeZone: 'Europe/Berlin',
    olderThan: '7d12h',
    suspend: true,
    timeLimit: 7200,
    resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: 2, memory: '2Gi' } },
  },
  smokeTest: { enabled: true },
  backup: BACKUP,
  availability: { disruptionBudget: true, topologySpread: true, antiAffinity: 'required' },
  monitoring: MONITORING,
  labels: { team: 'ml', 'app.kubernetes.io/name': 'not-ours' },
  annotations: { 'example.com/owner': 'ml' },
  allow: ['early-deletion'],
  patches: [
    {
      kind: 'Deployment',
      name: 'tracking',
      operations: [{ op: 'replace', path: '/spec/revisionHistoryLimit', value: 2 }],
    },
  ],
};

/** The same with values that are sealed. */
export const SEALED: Every<EnvironmentInput> = {
  ...FULLEST,
  secrets: {
    provider: 'sealed',
    overrides: { copies: { provider: 'sealed' } },
    sealed: { certificate: 'controller.pem', scope: 'namespace-wide' },
    external: undefined,
  },
};

/** Without the keys that are undefined, as in a file. */
export const written = (input: Every<EnvironmentInput>) => JSON.parse(JSON.stringify(input)) as EnvironmentInput;
