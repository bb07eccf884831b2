import { serverCommand } from '../../../lib/components/server/command';
import { databaseUri } from '../../../lib/components/shared/database-uri';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolved, SMALLEST } from '../../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

/** The addresses of the Ansible role. */
const ANSIBLE_ROLE: EnvironmentInput = {
  service: { type: 'LoadBalancer', nodePort: 30800, nodeAddresses: ['192.168.1.85'], loadBalancerIP: '192.168.1.201' },
};

describe('the command line', () => {
  test('of 3.1.0 starts the server with basic authentication and artifacts through it', () => {
    expect(serverCommand(of('3.1.0'))).toEqual([
      'python',
      '-m',
      'server',
      '--max-request-body=33554432',
      '--cache-logins=60',
      'mlflow',
      'server',
      '--host=0.0.0.0',
      '--port=5000',
      '--workers=2',
      '--backend-store-uri=postgresql+psycopg2:///mlflow',
      '--serve-artifacts',
      '--artifacts-destination=s3://artifacts',
      '--app-name=basic-auth',
    ]);
  });

  test('is the same for 3.18.0: what is new there is set by variables, which others ignore', () => {
    expect(serverCommand(of('3.18.0', ANSIBLE_ROLE))).toEqual(serverCommand(of('3.1.0')));
  });

  test('follows the environment', () => {
    const command = serverCommand(
      of('3.18.0', {
        auth: { enabled: false },
        artifacts: { access: 'direct', s3: { bucket: 'abc', prefix: 'a/b' } },
        database: { host: 'x', name: 'ü x' },
        server: {
          workers: 7,
          maxRequestBody: '1M',
          staticPrefix: '/mlflow',
          options: { 'enable-workspaces': true, 'secrets-cache-ttl': 60 },
        },
        monitoring: { metrics: {} },
      }),
    );
    // Nobody logs in.
    expect(command.slice(0, 5)).toEqual(['python', '-m', 'server', '--max-request-body=1000000', 'mlflow']);
    expect(command.slice(8)).toEqual([
      '--workers=7',
      '--backend-store-uri=postgresql+psycopg2:///ü x',
      '--no-serve-artifacts',
      '--default-artifact-root=s3://abc/a/b',
      '--static-prefix=/mlflow',
      '--expose-prometheus=/run/mlflow-metrics',
      '--enable-workspaces',
      '--secrets-cache-ttl=60',
    ]);
  });

  test('names the driver of the database and its name, and nothing else of it', () => {
    expect(databaseUri('some-name')).toBe('postgresql+psycopg2:///some-name');
  });
});
