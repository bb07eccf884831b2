import type { EnvironmentInput } from '../../../lib/environment/model';
import { none, Sample } from '../../properties/sample';
import { FULLEST, SHORT_PROGRAMS as PROGRAMS, written } from '../../support/fixtures';
import { letsOut } from '../../support/policies';
import { objectsOf, all as objectsOfKind, resolution, SMALLEST } from '../../support/support';
import { BLOCKS, CLOUD, messages, RDS, withAddresses } from './cloud';

/** The hosts that the issue of a mistaken name lists. */
function hostsOf(input: EnvironmentInput): string[] {
  const [found = ''] = messages(withAddresses(input, { 'mistaken.example.com': ['10.0.0.0/8'] }), 'issues').filter(
    (message) => message.includes('no pod connects to'),
  );
  return /\(use (.*)\)$/.exec(found)?.[1]?.split(' or ') ?? [];
}

/** What the policies of an environment allow, without the pods that only talk to the API server. */
const egressOf = (input: EnvironmentInput) =>
  objectsOfKind(objectsOf(input, PROGRAMS), 'NetworkPolicy')
    .map(({ metadata, spec }) => ({ name: `${metadata?.name}`, rules: spec?.egress ?? [] }))
    .filter(({ name }) => !name.endsWith('secret-generator'))
    .flatMap(({ name, rules }) => rules.map((rule) => JSON.stringify([name, rule])));

const isAnywhere = (rule: string) => rule.includes('"0.0.0.0/0"') || rule.includes('"::/0"');

describe('addresses of a host', () => {
  test('are what every pod that connects to it may connect to', () => {
    const objects = objectsOf(withAddresses(CLOUD, { [RDS]: BLOCKS }), PROGRAMS);
    for (const component of ['server', 'backup', 'garbage-collection']) {
      const lets = (address: string) => letsOut(objects, component, { address, port: 5432 });
      expect(['10.20.1.1', 'fd00:20::1', '10.21.0.1', '203.0.113.1', 'fd00:21::1'].map(lets)).toEqual([
        true,
        true,
        false,
        false,
        false,
      ]);
      // The others stay as they were.
      expect(letsOut(objects, component, { address: '203.0.113.1', port: 443 })).toBe(true);
    }
  });

  test.each(['MLFLOW.abc.EU-central-1.rds.amazonaws.com', `${RDS}.`])('are found by the name %s', (name) => {
    expect(egressOf(withAddresses(CLOUD, { [name]: BLOCKS }))).toEqual(
      egressOf(withAddresses(CLOUD, { [RDS]: BLOCKS })),
    );
  });

  test('never open the way to metadata services', () => {
    const objects = objectsOf(withAddresses(CLOUD, { [RDS]: ['168.0.0.0/6', '100.64.0.0/10'] }), PROGRAMS);
    const lets = (address: string) => letsOut(objects, 'server', { address, port: 5432 });
    expect(['169.254.169.254', '100.100.100.200', '168.63.129.16', '100.64.0.1'].map(lets)).toEqual([
      ...[false, false, false],
      true,
    ]);
    for (const block of ['169.254.169.254/32', '169.254.0.0/16', 'fd00:ec2::254/128', '100.100.100.200/32']) {
      expect(messages(withAddresses(CLOUD, { [RDS]: [block] }), 'issues')).toEqual([
        `networkPolicy|addresses|${RDS}|0: is ${block}, where clouds have metadata services (use the addresses of the host)`,
      ]);
    }
  });

  test('are for a Service that may be a machine too only what is outside', () => {
    const input = { ...CLOUD, database: { host: 'pg.company' } };
    const objects = objectsOf(withAddresses(input, { 'pg.company': BLOCKS }), PROGRAMS);
    expect(letsOut(objects, 'server', { namespace: 'company', port: 5432 })).toBe(true);
    expect(letsOut(objects, 'server', { address: '10.20.0.1', port: 5432 })).toBe(true);
    expect(letsOut(objects, 'server', { address: '10.21.0.1', port: 5432 })).toBe(false);
  });
});

describe('a host with addresses', () => {
  test.each<[name: string, input: EnvironmentInput, hosts: readonly string[]]>([
    [
      'AWS',
      CLOUD,
      [
        RDS,
        'otel.example.com',
        's3.eu-central-1.amazonaws.com',
        's3.us-west-2.amazonaws.com',
        'sts.eu-central-1.amazonaws.com',
      ],
    ],
    ['AWS by default', SMALLEST, ['s3.amazonaws.com']],
    [
      'Google',
      { ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts' } } },
      ['oauth2.googleapis.com', 'storage.googleapis.com'],
    ],
    [
      'Azure',
      {
        ...SMALLEST,
        artifacts: {
          azure: {
            account: 'company',
            container: 'artifacts',
            identity: {
              workloadIdentity: {
                clientId: '00000000-0000-0000-0000-000000000001',
                tenantId: '00000000-0000-0000-0000-000000000002',
              },
            },
          },
        },
      },
      ['company.blob.core.windows.net', 'login.microsoftonline.com'],
    ],
    ['in the cluster', { database: { embedded: {} }, artifacts: { embedded: {} } }, []],
  ])('is one that a pod connects to: %s', (_, input, hosts) => {
    expect(hostsOf(input).sort()).toEqual(hosts);
  });

  test('is none that is in the cluster, and none that is there twice', () => {
    expect(messages(withAddresses(SMALLEST, { postgres: BLOCKS }), 'issues')).toEqual([
      'networkPolicy|addresses|postgres: is a host outside the cluster that no pod connects to (use s3.amazonaws.com)',
    ]);
    expect(
      messages(withAddresses({ database: { embedded: {} }, artifacts: { embedded: {} } }, { a: BLOCKS }), 'issues'),
    ).toEqual(['networkPolicy|addresses|a: is a host outside the cluster that no pod connects to (remove it)']);
    expect(messages(withAddresses(CLOUD, { [RDS]: BLOCKS, [`${RDS}.`]: BLOCKS }), 'issues')).toEqual([
      `networkPolicy|addresses|${RDS}.: is the same host as another one here (keep one)`,
    ]);
  });

  test.each([
    ['no list', { [RDS]: [] }],
    ['no block', { [RDS]: ['10.20.0.1'] }],
    ['no host', { '10.20.0.1': BLOCKS }],
    ['no host either', { 'https://a.example.com': BLOCKS }],
    ['a port', { [`${RDS}:5432`]: BLOCKS }],
    ['a wildcard', { '*.rds.amazonaws.com': BLOCKS }],
  ])('is refused with %s', (_, addresses: Record<string, string[]>) => {
    expect(resolution(withAddresses(CLOUD, addresses)).environment).toBeUndefined();
  });
});

describe('for every environment', () => {
  const all: readonly EnvironmentInput[] = [
    CLOUD,
    SMALLEST,
    written(FULLEST),
    ...new Sample(9, 40).valid.map(({ input }) => input),
  ];
  const inputs = all.map((input) => ({
    ...input,
    networkPolicy: { ...input.networkPolicy, enabled: true, egress: [], addresses: {} },
  }));

  test('with the addresses of all its hosts nothing is open to any address', () => {
    const hosts = inputs.map(hostsOf);
    expect(hosts.filter(({ length }) => length > 0).length).toBeGreaterThan(inputs.length / 4);
    none(
      inputs.flatMap((input, index) => {
        const addresses = Object.fromEntries((hosts[index] ?? []).map((host) => [host, BLOCKS]));
        const narrowed = withAddresses(input, addresses);
        return [
          ...messages(narrowed, 'issues'),
          ...messages(narrowed, 'warnings').filter((message) => message.includes('does not narrow')),
          ...egressOf(narrowed).filter((rule) => isAnywhere(rule) && !rule.includes('"port":53')),
        ];
      }),
    );
  });

  test('the addresses of one host change the ports of that host alone', () => {
    none(
      inputs.flatMap((input) => {
        const [host] = hostsOf(input);
        if (!host) return [];
        const before = egressOf(input).filter((rule) => !isAnywhere(rule));
        const after = egressOf(withAddresses(input, { [host]: ['192.0.2.0/24'] }));
        const added = after.filter((rule) => !isAnywhere(rule) && !before.includes(rule));
        const lost = before.filter((rule) => !after.includes(rule));
        return [...lost, ...added.filter((rule) => !rule.includes('"to":[{"ipBlock":{"cidr":"192.0.2.0/24"}}]'))];
      }),
    );
  });
});
