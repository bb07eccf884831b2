import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { programCode } from '../clients';
import { GATEWAY } from '../exposure/traefik';
import { apply, emptyDatabases, synthesizeText } from '../homelab';
import {
  applyObjects,
  CREDENTIALS,
  IMAGE,
  imageLine,
  kubectl,
  type LabRelease,
  namespace,
  removeNamespaces,
  secret,
} from '../lab';
import { type PythonPod, pythonInPod } from '../pods';
import { DAYS, ISSUER } from './issuer';

export const NAMESPACE = 'mlflow-tls';
export const CLIENTS = 'mlflow-tls-notebooks';
export const SCRAPER = 'mlflow-tls-scraper';
const NAMESPACES = [NAMESPACE, CLIENTS, SCRAPER];

/** The name of the Service. */
export const SERVER = `mlflow.${NAMESPACE}.svc.cluster.local`;
/** The host at the Gateway. */
export const HOST = 'tls.example.com';

/** Where pods have the CA certificate. */
export const CA_FILE = '/ca/ca.crt';
const CA_NAME = 'company-ca';

/** A ConfigMap with a CA certificate, as trust-manager makes one in each namespace. */
export const caObject = (where: string, ca: string, name = CA_NAME) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: where },
  data: { 'ca.crt': ca },
});

const environment = (release: LabRelease): string => `${imageLine(release)}namespace: { name: ${NAMESPACE} }
secrets: { provider: generated }
database: { host: 192.168.1.100, credentials: { secret: mlflow-db-credentials } }
artifacts:
  s3:
    bucket: mlflow-artifacts
    endpoint: http://minio.minio.svc.cluster.local:9000
    addressingStyle: path
    credentials: { secret: mlflow-s3-secret }
service: { tls: { issuer: ${ISSUER} } }
auth: { users: [{ name: notebooks, permission: EDIT }] }
clients: [{ namespace: ${CLIENTS}, user: notebooks }]
server: { workers: 2, resources: { requests: { cpu: 200m }, limits: { cpu: 2, memory: 1280Mi } } }
monitoring: { metrics: { scraper: { namespace: ${SCRAPER} } }, serviceMonitor: {} }
garbageCollection: { olderThan: 1d }
smokeTest: { enabled: true }
gateway:
  host: ${HOST}
  controller: traefik
  parentRefs: [{ name: ${GATEWAY.name}, namespace: ${GATEWAY.namespace}, sectionName: websecure }]
patches:
  - kind: Certificate
    name: mlflow
    operations: [{ op: add, path: /spec/duration, value: ${DAYS * 24}h }]
`;

/** A key of a Secret, as an operator's object names it. */
interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** What a scraper is told by a ServiceMonitor. */
interface Endpoint {
  readonly port: string;
  readonly path: string;
  readonly scheme: string;
  readonly tlsConfig: { readonly serverName: string; readonly ca: { readonly secret: SecretKey } };
  readonly basicAuth: { readonly username: SecretKey; readonly password: SecretKey };
}

/** The value of a key of a Secret. */
async function secretValue(where: string, { name, key }: SecretKey): Promise<string> {
  const { data } = JSON.parse(await kubectl(['-n', where, 'get', 'secret', name, '-o', 'json'])) as {
    data: Record<string, string>;
  };
  return Buffer.from(data[key] ?? '', 'base64').toString();
}

/** An instance that speaks HTTPS by a certificate of an issuer, with the stores of the lab, and a namespace that uses it. */
export class Site {
  constructor(readonly release: LabRelease) {}

  /**
   * Recreates it, up to the apply: its pods still wait for the certificate.
   *
   * @param ca what clients trust
   */
  async apply(ca: string): Promise<void> {
    await removeNamespaces(NAMESPACES);
    await emptyDatabases();
    const { databaseUser, databasePassword, accessKey, secretKey } = CREDENTIALS;
    await applyObjects([
      ...NAMESPACES.map((name) => namespace(name)),
      secret(NAMESPACE, 'mlflow-db-credentials', { username: databaseUser, password: databasePassword }),
      secret(NAMESPACE, 'mlflow-s3-secret', { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }),
      caObject(CLIENTS, ca),
    ]);
    this.output = await synthesizeText('mlflow', environment(this.release));
    await apply(this.output);
  }

  /** Removes it. */
  stop(): Promise<unknown> {
    return removeNamespaces(NAMESPACES);
  }

  /** A pod of the clients' namespace, with what that was given. */
  clientPod(name: string, { trusts = true } = {}): PythonPod {
    const { image } = this;
    const trusting = ['MLFLOW_TRACKING_SERVER_CERT_PATH', 'REQUESTS_CA_BUNDLE'];
    const env = [
      { name: 'HOME', value: '/tmp' },
      { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true' },
      { name: 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', value: '0' },
      ...(trusts ? trusting : []).map((each) => ({ name: each, value: CA_FILE })),
    ];
    const envFrom = [{ configMapRef: { name: 'mlflow-client' } }, { secretRef: { name: 'mlflow-client' } }];
    const volumes = [{ name: 'ca', mountPath: '/ca', configMap: { name: CA_NAME } }];
    return { namespace: CLIENTS, name, image, env, envFrom, volumes };
  }

  /** The login of the clients' namespace. */
  async login(): Promise<{ readonly user: string; readonly password: string }> {
    const value = (what: string) => secretValue(CLIENTS, { name: 'mlflow-client', key: `MLFLOW_TRACKING_${what}` });
    return { user: await value('USERNAME'), password: await value('PASSWORD') };
  }

  /** Runs a program of this tier in such a pod. */
  asClient(name: string, ...given: readonly string[]): Promise<string> {
    return pythonInPod(this.clientPod(name), programCode(`${name}.py`, ...given));
  }

  /** Scrapes the server's pod as the ServiceMonitor says, from a pod that the policy lets in. */
  async scrape(): Promise<string> {
    const { port, path, scheme, tlsConfig, basicAuth } = this.endpoint;
    if (scheme !== 'https') throw new Error(`the ServiceMonitor says ${scheme}`);
    // As the operator does with what a ServiceMonitor names.
    await applyObjects([
      caObject(SCRAPER, await secretValue(NAMESPACE, tlsConfig.ca.secret)),
      secret(SCRAPER, 'login', {
        USERNAME: await secretValue(NAMESPACE, basicAuth.username),
        PASSWORD: await secretValue(NAMESPACE, basicAuth.password),
      }),
    ]);
    const found = await kubectl([
      ...['-n', NAMESPACE, 'get', 'endpoints', 'mlflow-metrics', '-o'],
      `jsonpath={.subsets[0].addresses[0].ip} {.subsets[0].ports[?(@.name=="${port}")].port}`,
    ]);
    const pod = {
      namespace: SCRAPER,
      name: 'scraper',
      image: this.image,
      labels: { 'app.kubernetes.io/name': 'prometheus' },
      envFrom: [{ secretRef: { name: 'login' } }],
      volumes: [{ name: 'ca', mountPath: '/ca', configMap: { name: CA_NAME } }],
    };
    return pythonInPod(pod, programCode('scrape.py', ...found.split(' '), path, tlsConfig.serverName, CA_FILE));
  }

  private get image(): string {
    return IMAGE[this.release];
  }

  private get endpoint(): Endpoint {
    const objects = parseAllDocuments(readFileSync(join(this.output, 'monitoring.k8s.yaml'), 'utf8'));
    const monitor = objects
      .map((each) => each.toJS() as { kind: string; spec: { endpoints: Endpoint[] } })
      .find(({ kind }) => kind === 'ServiceMonitor');
    const [endpoint] = monitor?.spec.endpoints ?? [];
    if (!endpoint) throw new Error('no ServiceMonitor');
    return endpoint;
  }

  private output = '';
}
