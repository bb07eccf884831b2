import { parse } from 'yaml';
import type { EnvironmentInput } from '../../lib/environment/model';
import { objectsOf, one, PROGRAMS, resolved, SMALLEST } from '../support/support';

describe('a pod template', () => {
  const template = (input: EnvironmentInput, programs = PROGRAMS) =>
    one(objectsOf(input, programs), 'Deployment').spec?.template;

  const quiet: readonly [string, EnvironmentInput][] = [
    ['the type of the Service', { service: { type: 'NodePort', nodePort: 30800, externalTrafficPolicy: 'Local' } }],
    ['the port and annotations of the Service', { service: { port: 80, annotations: { 'example.com/a': 'b' } } }],
    ['the network policy', { networkPolicy: { clients: { namespaces: ['other'] }, egress: [{ cidr: '10.0.0.0/8' }] } }],
    ['no network policy', { networkPolicy: { enabled: false } }],
    ['the disruption budget', { availability: { disruptionBudget: true } }],
    [
      'the number of replicas, with room for their connections',
      { database: { ...SMALLEST.database, maxConnections: 10_000 } },
    ],
    ['the namespace object', { namespace: { create: false } }],
    ['a claim that nobody mounts', { storage: { data: {} } }],
  ];
  test.each(quiet)('stays as it is when nothing changes but %s', (_, change) => {
    const base: EnvironmentInput = change.database ? { ...SMALLEST, database: { ...change.database } } : SMALLEST;
    const more: EnvironmentInput = change.database
      ? { ...base, server: { replicas: 2 }, availability: { topologySpread: false, antiAffinity: 'none' } }
      : { ...base, ...change };
    expect(template(more)).toEqual(template(base));
  });

  test('changes when a program that it runs changes, and only then', () => {
    const [prepare, metrics] = [
      { ...PROGRAMS, 'prepare/__main__.py': '# new' },
      { ...PROGRAMS, 'metrics/__main__.py': '# new' },
    ];
    const monitored: EnvironmentInput = { ...SMALLEST, monitoring: { metrics: {} } };
    expect(template(SMALLEST, prepare)).not.toEqual(template(SMALLEST));
    expect(template(SMALLEST, metrics)).toEqual(template(SMALLEST));
    expect(template(monitored, metrics)).not.toEqual(template(monitored));
  });

  test('is the same for an environment given as YAML and as JSON', () => {
    const environment = parse(
      'database: { host: postgres }\nartifacts: { s3: { bucket: artifacts } }',
    ) as EnvironmentInput;
    expect(resolved(environment)).toEqual({ ...resolved(SMALLEST), release: expect.anything() });
  });
});
