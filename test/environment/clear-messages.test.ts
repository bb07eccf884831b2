import { parseEnvironment } from '../../lib/environment/parse';
import { readYaml } from '../../lib/input/read-yaml';
import { resolution, SMALLEST } from '../support/support';

/** Messages that say what a person did, where the rule alone would leave it to be guessed. */

const lines = (more: object) =>
  parseEnvironment({ ...SMALLEST, ...more }).issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a tab as indentation is the one issue', () => {
  test.each([
    ['a:\n\tb: 1\n', [2]],
    ['a:\n  b: 1\n  \tc: 2\nd: 1\n', [3]],
    ['a:\n  - b: 1\n\t  c: 2\n  - d: 1\n', [3]],
    ['\ta: 1\n', [1]],
    ['a: {\n\tb: 1 }\n', [2]],
    ['a: |\n\tx\n', [2]],
    ['server:\n  replicas: 2\n\tlogLevel: INFO\n  resources:\n    limits:\n      cpu: 1\ndatabase:\n  host: x\n', [3]],
    ['a:\n  b:\n\t  c: 1\n  d: 2\n\te: 3\nf: g: h\n', [3, 5]],
  ])('%j', (text, rows) => {
    const { issues } = readYaml(text, 'f.yaml');
    expect(issues.map(({ at }) => at.line)).toEqual(rows);
    for (const { message } of issues) expect(message).toBe('is indented with a tab (use spaces)');
  });

  test.each(['a: |\n  x\n  \ty\n', 'a:\tb\n', 'a: 1\n\t# x\nb: 2\n'])('a tab elsewhere is none: %j', (text) => {
    expect(readYaml(text, 'f.yaml').issues).toEqual([]);
  });
});

describe('a host that a proxy cannot route by says why', () => {
  const hostOf = (host: string) => lines({ ingress: { host, controller: 'traefik' } });
  test.each([
    ['mlflow_corp.acme.eu', 'must be a host name such as mlflow.example.com, and must not contain _'],
    ['ml flow.acme.eu', 'must be a host name such as mlflow.example.com, and must not contain a space'],
    ['mlflow,acme.eu', 'must be a host name such as mlflow.example.com, and must not contain ,'],
    ['10.0.0.1', 'must be a host name such as mlflow.example.com, because a proxy does not route by an address'],
    ['[::1]', 'must be a host name such as mlflow.example.com, because a proxy does not route by an address'],
    ['-ml.acme.eu', 'must be a host name such as mlflow.example.com, of which no part starts or ends with -'],
    ['ml..acme.eu', 'must be a host name such as mlflow.example.com, of which no part is empty'],
  ])('%s', (host, message) => {
    expect(hostOf(host)).toEqual([`ingress.host: is invalid (${message})`]);
  });
});

describe('a database host with more around it says what to write', () => {
  test.each([
    ['https://db.example.com', 'is a URL: write the host alone, db.example.com'],
    ['postgresql://u:p@db.example.com:5433/mlflow', 'is a URL: write the host alone, db.example.com'],
    ['jdbc:postgresql://db.example.com/x', 'is a URL: write the host alone, db.example.com'],
    ['db.example.com:5433', 'has a port: write db.example.com here, and the port as database.port'],
    ['a b', 'must be a host name or an address, without port'],
  ])('%s', (host, message) => {
    expect(lines({ database: { host } })).toEqual([`database.host: is invalid (${message})`]);
  });
});

describe('a number with a unit says which number to write', () => {
  const backup = (more: object) => ({ backup: { destination: { claim: {} }, ...more } });
  test.each([
    [backup({ retention: { days: '60d' } }), 'is text (must be a number: 60, in days)'],
    [backup({ retention: { days: '2 weeks' } }), 'is text (must be a number: 14, in days)'],
    [backup({ retention: { days: '36h' } }), 'is text (must be a number, in days)'],
    [backup({ timeout: '6h' }), 'is text (must be a number: 21600, in seconds)'],
    [backup({ timeout: '90s' }), 'is text (must be a number: 90, in seconds)'],
    [
      { server: { autoscaling: { maxReplicas: 3, cpuUtilization: '80%' } } },
      'is text (must be a number: 80, in percent)',
    ],
    [{ service: { port: '80' } }, 'is text (must be a number: 80, without quotes)'],
    [{ service: { port: 'http' } }, 'is text (must be a number)'],
    [{ service: { port: '80d' } }, 'is text (must be a number)'],
  ])('%j', (more, message) => {
    expect(lines(more).map((line) => line.replace(/^\S+ /, ''))).toEqual([message]);
  });
});

test.each([
  ['artifacts', { artifacts: { s3: { bucket: 'My_Bucket' } } }, 'artifacts.s3'],
  ['backups', { backup: { destination: { s3: { bucket: 'My_Bucket' } } } }, 'backup.destination.s3'],
])('a bucket of %s that AWS does not allow says which key other stores need', (_, more, at) => {
  expect(lines(more)).toEqual([
    `${at}.bucket: must be 3 to 63 lowercase letters, digits, - and ., without two dots in a row, and no IP address (buckets of other stores need ${at}.endpoint)`,
  ]);
});

describe('a database whose CA no image has is a warning', () => {
  const warned = (database: object) =>
    resolution({ ...SMALLEST, database }).warnings.filter(({ path }) => path.join('.') === 'database.tls.ca');
  const rds = 'mlflow.abc123.eu-central-1.rds.amazonaws.com';
  const ca = { configMap: 'rds-ca' };

  test.each([rds, `ml.cluster-${rds}`, `${rds}.`, rds.toUpperCase(), 'a.b.rds.cn-north-1.amazonaws.com.cn'])(
    '%s',
    (host) => {
      expect(warned({ host, tls: { mode: 'verify-full' } })).toEqual([
        {
          path: ['database', 'tls', 'ca'],
          message: expect.stringMatching(/^is missing, but Amazon RDS .*truststore\.pki\.rds\.amazonaws\.com.*\)$/),
        },
      ]);
      expect(warned({ host, tls: { mode: 'verify-full', ca } })).toEqual([]);
      expect(warned({ host, tls: { mode: 'require' } })).toEqual([]);
    },
  );

  // An RDS Proxy has a certificate of AWS Certificate Manager, which is publicly trusted.
  test.each([
    `ml.proxy-${rds.slice('mlflow.'.length)}`,
    'db.example.com',
    'rds.amazonaws.com.example.com',
    'x.dsql.eu-central-1.on.aws',
  ])('not %s', (host) => expect(warned({ host, tls: { mode: 'verify-full' } })).toEqual([]));
});
