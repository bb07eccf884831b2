import { acceptedHosts, acceptedOrigins } from '../../../lib/components/service/accepted';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { explainClients } from '../../../lib/synth/explain/clients';
import { explainHosts } from '../../../lib/synth/explain/hosts';
import { FULLEST, written } from '../../support/fixtures';
import { resolved, SMALLEST } from '../../support/support';

const named = (input: EnvironmentInput) => ({ name: 'team', environment: resolved(input) }) as never;

test('every host and origin has a line with its reasons', () => {
  const environment = resolved({ ...written(FULLEST), patches: [] });
  const lines = explainHosts({ name: 'team', environment } as never);
  const names = [...acceptedHosts(environment), ...acceptedOrigins(environment)];
  expect(names.length).toBeGreaterThan(20);
  for (const { name, reason } of names)
    expect(lines.filter((line) => line.startsWith(`${name} `) && line.includes(reason))).not.toEqual([]);
  // The same name by two keys is one line.
  expect(lines.filter((line) => line.startsWith('mlflow.example.com '))).toHaveLength(1);
});

test('a release that compares no hosts is said to', () => {
  const old = { ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } };
  expect(explainHosts(named(old)).filter((line) => line.includes('does not compare them'))).toHaveLength(1);
  expect(explainHosts(named(SMALLEST)).join()).not.toContain('does not compare them');
});

test('the page of the server itself needs no line where MLflow does not compare it', () => {
  const origins = (tag: string) =>
    explainHosts(named({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag } })).filter((line) =>
      line.startsWith('# team: origins'),
    );
  const own = expect.stringMatching(/besides localhost and the page of the server itself$/);
  for (const tag of ['3.1.0', '3.5.0', '3.9.0']) expect([tag, origins(tag)]).toEqual([tag, [own]]);
  for (const tag of ['3.10.0', '3.18.0'])
    expect([tag, origins(tag)]).toEqual([tag, [expect.stringMatching(/besides localhost$/)]]);
});

test('clients outside are given the URI of each edge and address, and without any, the port forwarding', () => {
  const input: EnvironmentInput = {
    ...SMALLEST,
    ingress: { host: 'mlflow.example.com', controller: 'traefik', path: '/mlflow', tls: { issuer: 'ours' } },
    service: { type: 'LoadBalancer', loadBalancerIP: '192.168.1.201' },
    networkPolicy: { clients: { cidrs: ['192.168.1.0/24'] } },
  };
  expect(explainClients(named(input))).toEqual([
    '# team: outside the cluster',
    '# web page: https://mlflow.example.com/mlflow/ (ingress.host)',
    'export MLFLOW_TRACKING_URI=https://mlflow.example.com/mlflow',
    '# web page: http://192.168.1.201:5000/mlflow/ (service.loadBalancerIP)',
    'export MLFLOW_TRACKING_URI=http://192.168.1.201:5000/mlflow',
    '# team: in the cluster',
    'export MLFLOW_TRACKING_URI=http://mlflow.mlflow.svc.cluster.local:5000/mlflow',
  ]);
  expect(explainClients(named(SMALLEST)).join('\n')).toContain(
    'kubectl -n mlflow port-forward service/mlflow 5001:5000',
  );
});
