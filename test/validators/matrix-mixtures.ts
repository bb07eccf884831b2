import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

const EMBEDDED = { image: { digest: DIGEST } };
const PLACED: EnvironmentInput['server'] = {
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'dedicated', value: 'ml' }],
  priorityClassName: 'high',
};

/** Rows of the matrix where several things come together that are rendered into the same objects. */
export const MIXTURES: Readonly<Record<string, EnvironmentInput>> = {
  'mix-3-1-0-all-embedded': {
    image: { tag: '3.1.0', pullSecret: 'registry' },
    database: { host: undefined, embedded: EMBEDDED },
    artifacts: { embedded: EMBEDDED },
    secrets: { provider: 'generated' },
    server: { ...PLACED, env: { TZ: 'UTC' } },
    labels: { team: 'a' },
    annotations: { note: 'on' },
  },
  'mix-3-2-direct-without-login': {
    image: { tag: '3.2.0' },
    namespace: { podSecurity: 'baseline' },
    auth: { enabled: false },
    artifacts: {
      access: 'direct',
      s3: { endpoint: 'https://s3.example.com', tls: { ca: { secret: 'ca', key: 'tls.crt' } } },
    },
    storage: { data: { mountPath: '/data', accessMode: 'ReadWriteMany' } },
    networkPolicy: { clients: { cidrs: ['10.0.0.0/8', 'fd00::/8'] } },
  },
  'mix-3-7-prefix-load-balancer': {
    image: { tag: '3.7.0' },
    server: { staticPrefix: '/mlflow', accessLog: true },
    service: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', sourceRanges: ['192.168.1.0/24'] },
    database: { tls: { mode: 'verify-full', ca: { configMap: 'ca' } } },
    artifacts: { s3: { endpoint: 'https://minio.minio:9000', tls: { ca: { configMap: 'ca' } } } },
  },
  'mix-3-11-1-many-pods': {
    image: { tag: '3.11.1', pullPolicy: 'Always' },
    server: { replicas: 5, workers: 2, envFrom: [{ secret: 'more' }, { configMap: 'more' }] },
    database: { maxConnections: 400 },
    availability: { antiAffinity: 'required', topologySpread: false, disruptionBudget: true },
    auth: { cacheSeconds: 0, defaultPermission: 'MANAGE' },
    networkPolicy: { clients: { namespaces: ['argo'], pods: [{ labels: { app: 'trainer' } }] } },
  },
  'mix-load-balancer-and-egress': {
    service: {
      type: 'LoadBalancer',
      port: 80,
      loadBalancerIP: 'fd00::201',
      externalTrafficPolicy: 'Cluster',
      annotations: { 'metallb.io/address-pool': 'home' },
    },
    networkPolicy: { egress: [{ cidr: '2001:db8::/32', ports: [443] }, { namespace: 'plugins' }] },
    storage: { data: { name: 'plugins', mountPath: '/plugins', accessMode: 'ReadWriteMany' } },
    secrets: { provider: 'generated' },
  },
  'mix-own-database-s3-elsewhere': {
    name: 'team-a',
    database: { host: undefined, embedded: EMBEDDED, name: 'a b', authName: 'yes' },
    artifacts: { access: 'direct', s3: { endpoint: 'http://192.168.1.9:9000', prefix: 'a/b' } },
    namespace: { create: false },
    server: { ...PLACED, workers: 1, logLevel: 'ERROR' },
    availability: { antiAffinity: 'preferred' },
  },
  'mix-own-store-database-elsewhere': {
    database: { host: 'fd00::100', tls: { mode: 'require' }, create: true },
    artifacts: { embedded: { ...EMBEDDED, storage: { name: 'models' } }, s3: { bucket: 'models', prefix: 'x' } },
    secrets: { provider: 'generated' },
    auth: { enabled: false },
    namespace: { podSecurity: 'privileged' },
  },
  'mix-longest-name': {
    name: 'a234567890123456789012345678901234',
    database: { host: undefined, embedded: EMBEDDED },
    artifacts: { embedded: EMBEDDED },
    secrets: { provider: 'generated' },
    storage: { data: { mountPath: '/srv/data', accessMode: 'ReadWriteMany' } },
    service: { type: 'LoadBalancer', loadBalancerIP: '192.168.1.202' },
  },
  'mix-options-and-texts': {
    server: {
      options: { 'enable-workspaces': true, 'secrets-cache-max-size': 500, 'uvicorn-opts': '--backlog=512' },
      env: { ONE: '# no comment', TWO: '- no: list', THREE: ' "quoted" \\ ', FOUR: 'é漢😀', FIVE: '1_000' },
      gracePeriod: 3600,
      maxRequestBody: '1Gi',
      logLevel: 'CRITICAL',
    },
    annotations: { a: '- x', b: '!tag', c: '{ y', d: 'null', e: '~', f: 'x\r\ny', g: 'trailing ' },
    labels: { a: '1e3', b: 'null', c: '' },
  },
};
