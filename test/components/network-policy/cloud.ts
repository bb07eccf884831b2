import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolution } from '../../support/support';

/** A host of a database in a cloud. */
export const RDS = 'mlflow.abc.eu-central-1.rds.amazonaws.com';
const ROLE = { irsa: { roleArn: 'arn:aws:iam::123456789012:role/mlflow' } };
/** Addresses of a host. */
export const BLOCKS = ['10.20.0.0/16', 'fd00:20::/64'];

/** An environment in a cloud, with every pod that connects to something. */
export const CLOUD: EnvironmentInput = {
  image: { tag: 'v3.18.0-full' },
  database: { host: RDS, tls: { mode: 'verify-full', ca: { configMap: 'rds-ca' } } },
  artifacts: { s3: { bucket: 'artifacts', region: 'eu-central-1', identity: ROLE } },
  garbageCollection: {},
  smokeTest: { enabled: true },
  backup: {
    destination: { s3: { bucket: 'copies', region: 'us-west-2' } },
    artifacts: true,
    verification: {},
  },
  server: { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.example.com:4318' } },
};

/** An environment with addresses of hosts. */
export const withAddresses = (input: EnvironmentInput, addresses: Record<string, string[]>): EnvironmentInput => ({
  ...input,
  networkPolicy: { ...input.networkPolicy, addresses },
});

/** What is said of an environment, with its paths. */
export const messages = (input: EnvironmentInput, of: 'issues' | 'warnings') =>
  resolution(input)[of].map(({ path, message }) => `${path.join('|')}: ${message}`);
