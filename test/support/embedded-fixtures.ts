import type { ArtifactsInput, DatabaseInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { Every, Whole } from './every-key';
import { BACKUP, DATABASE, FULLEST, NETWORK_POLICY, S3, SERVICE } from './fixtures';
import { AUTH, OIDC } from './login-fixtures';
import { SERVER } from './server-fixtures';

/** Environments whose stores are part of the instance. */

const EMBEDDED_DATABASE: Whole<NonNullable<DatabaseInput['embedded']>> = {
  image: {
    repository: 'registry.example.com:5000/copies/postgres',
    tag: '16.9-bookworm',
    digest: `sha256:${'fedcba9876543210'.repeat(4)}`,
  },
  storage: { name: 'tracking-runs', size: '30Gi', storageClass: 'ssd' },
  resources: { requests: { cpu: '300m', memory: '1Gi' }, limits: { cpu: 2, memory: '3Gi' } },
};

const EMBEDDED_STORE: Whole<NonNullable<ArtifactsInput['embedded']>> = {
  image: {
    repository: 'registry.example.com:5000/copies/versitygw',
    tag: 'v1.6.0',
    digest: `sha256:${'89abcdef01234567'.repeat(4)}`,
  },
  storage: { name: 'tracking-models', size: '300Gi', storageClass: 'bulk' },
  resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { cpu: '1500m', memory: '1Gi' } },
};

/** The same with stores of its own and Secrets that are made in the cluster. What cannot stand beside them is undefined. */
export const EMBEDDED: Every<EnvironmentInput> = {
  ...FULLEST,
  auth: { ...AUTH, oidc: OIDC },
  service: { ...SERVICE, tls: undefined },
  // Of the stores, nothing is outside the cluster.
  networkPolicy: { ...NETWORK_POLICY, addresses: { 'sso.example.com': ['10.40.0.0/28'] } },
  server: {
    ...SERVER,
    replicas: undefined,
    autoscaling: {
      minReplicas: 2,
      maxReplicas: 3,
      cpuUtilization: 70,
      memoryUtilization: 75,
      scaleDownStabilizationSeconds: 600,
    },
  },
  database: {
    ...DATABASE,
    host: undefined,
    embedded: EMBEDDED_DATABASE,
    port: 5432,
    tls: { mode: 'disable', ca: undefined },
    create: undefined,
  },
  artifacts: {
    access: 'proxied',
    azure: undefined,
    embedded: EMBEDDED_STORE,
    gcs: undefined,
    volume: undefined,
    s3: { ...S3, endpoint: undefined, addressingStyle: 'path', tls: undefined, createBucket: undefined },
  },
  secrets: { provider: 'generated', overrides: {}, sealed: undefined, external: undefined },
  backup: {
    ...BACKUP,
    destination: {
      azure: undefined,
      claim: { name: 'tracking-copies', create: true, size: '50Gi', storageClass: 'bulk', accessMode: 'ReadWriteMany' },
      s3: undefined,
      gcs: undefined,
      prefix: 'of-tracking',
    },
    image: { repository: undefined, tag: undefined, digest: undefined },
  },
};

/** All defaults of an instance with stores of its own and generated Secrets, as a person would write it. */
export const OWN_STORES = {
  database: { embedded: {} },
  artifacts: { embedded: {} },
  secrets: { provider: 'generated' },
} as const satisfies EnvironmentInput;

/** Everything that has pods and an image by default. */
export const EVERY_POD: EnvironmentInput = {
  database: { embedded: {} },
  artifacts: { embedded: {} },
  secrets: { provider: 'generated' },
  monitoring: { metrics: {} },
  backup: { destination: { claim: {} }, verification: {} },
  garbageCollection: {},
  smokeTest: { enabled: true },
};
