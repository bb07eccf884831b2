import fc from 'fast-check';
import { allowedHosts, corsAllowedOrigins } from '../../../lib/components/service/accepted';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { fnmatch, letsIn } from '../../../lib/mlflow/fnmatch';
import { resolved, SMALLEST } from '../../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

/** The addresses of the Ansible role. */
const ANSIBLE_ROLE: EnvironmentInput = {
  service: { type: 'LoadBalancer', nodePort: 30800, nodeAddresses: ['192.168.1.85'], loadBalancerIP: '192.168.1.201' },
};

describe('allowed hosts', () => {
  test('are matched here as Python matches them', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['[[]fd00:*', '[fd00::1]:5000', true],
      ['[[]fd00:*', 'fd00::1', false],
      ['fd00:*', '[fd00::1]', false],
      ['[::1]:*', '[::1]:80', false],
      ['[::1]:*', '::80', true],
      ['[::1]:*', '[:80', false],
      ['[!a]*', 'b', true],
      ['[!a]*', 'a', false],
      ['a?c*', 'abcd', true],
      ['a.c*', 'abc', false],
      ['[x*', '[x1', true],
      ['[*0-9.]', '7', true],
      ['[*0-9.]', 'x', false],
    ];
    for (const [pattern, text, matched] of cases)
      expect([pattern, text, fnmatch(pattern).test(text)]).toEqual([pattern, text, matched]);
  });

  const environment = of('3.18.0', {
    service: {
      ...ANSIBLE_ROLE.service,
      nodeAddresses: ['192.168.1.85', '2001:db8::85'],
      loadBalancerIP: '203.0.113.7',
    },
    server: {
      allowedHosts: [
        'mlflow.example.com',
        'other.example.com:8443',
        '*.dev.example.com',
        '2001:db8::99',
        '100.65.*',
        '198.18.1.*:8080',
      ],
    },
  });
  const hosts = allowedHosts(environment);

  test.each([
    'mlflow',
    'mlflow:5000',
    'mlflow.mlflow',
    'mlflow.mlflow:5000',
    'mlflow.mlflow.svc',
    'mlflow.mlflow.svc:80',
    'mlflow.mlflow.svc.cluster.local',
    'mlflow.mlflow.svc.cluster.local:5000',
    'localhost',
    'localhost:5311',
    '127.0.0.1:5000',
    '[::1]',
    '[::1]:5000',
    '10.244.1.7:5000',
    '172.16.0.9:5000',
    '172.31.255.1',
    '192.168.49.2:30500',
    '[fd00:10::5]:5000',
    '[fc00::1]',
    '203.0.113.7',
    '203.0.113.7:5000',
    '[2001:db8::85]:30800',
    'mlflow.example.com',
    'mlflow.example.com:8080',
    'other.example.com:8443',
    'a.dev.example.com',
    'a.dev.example.com:8080',
    '[2001:db8::99]',
    '[2001:db8::99]:5000',
    '10.0.0.1',
    '10.255.255.255:65535',
    '192.168.0.1',
    '172.20.0.1',
    '100.65.0.1',
    '100.65.255.255:5000',
    '198.18.1.7:8080',
  ])('let %s in', (host) => {
    expect(letsIn(hosts, host)).toBe(true);
  });

  test.each([
    '',
    'evil.example.com',
    'evil.example.com:5000',
    'mlflow.evil.com',
    'mlflow.mlflow.svc.cluster.local.evil.com',
    'xmlflow',
    'MLFLOW:5000',
    'notlocalhost',
    'localhost.evil.com',
    '172.15.0.1',
    '172.32.0.1:5000',
    '100.64.1.2:5000',
    '10.evil.example',
    '10.evil.example:5000',
    '10.0.0.1.evil.example',
    '10.0.0.1.nip.io:5000',
    '10.0.0.evil',
    '10.',
    '172.16.evil.example',
    '172.31.0.1.evil.example:80',
    '172.2x.0.1',
    '192.168.evil.example',
    '192.168.0.1.evil.example',
    '[fd00::1].evil.example',
    '[fc.evil.example',
    'fd.evil.example',
    '100.65.evil.example',
    '100.65.0.1.evil.example',
    '198.18.1.7.evil.example:8080',
    '198.18.1.7',
    '203.0.113.8:5000',
    '1203.0.113.7',
    '[2001:db8::86]:30800',
    '2001:db8::85',
    'fd00::1',
    'other.example.com',
    'other.example.com:80',
    'dev.example.com',
    'mlflow.example.com.evil.com',
    'localhost5000',
  ])('refuse %j', (host) => {
    expect(letsIn(hosts, host)).toBe(false);
  });

  test('let no domain in that begins like an address', () => {
    const beginning = fc.constantFrom(
      '',
      '10.',
      '172.16.',
      '172.31.',
      '192.168.',
      '100.65.',
      '10.0.0.1.',
      '[fd00::1].',
    );
    const name = fc.tuple(beginning, fc.domain(), fc.constantFrom('', ':80', ':5000')).map((parts) => parts.join(''));
    fc.assert(fc.property(name, (host) => !letsIn(hosts, host) || host.includes('.dev.example.com')));
  });

  test('let every private address in, with and without a port', () => {
    const address = fc.ipV4().map((text) => text.split('.'));
    const beginnings = fc.constantFrom([10], [172, 16], [172, 25], [172, 31], [192, 168], [100, 65]);
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
    fc.assert(
      fc.property(address, beginnings, port, (numbers, beginning, number) => {
        const host = [...beginning, ...numbers.slice(beginning.length)].join('.');
        return letsIn(hosts, number === undefined ? host : `${host}:${number}`);
      }),
    );
  });

  test('hold no comma and no entry twice, for they are one variable', () => {
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(hosts.filter((host) => /[,\s]/.test(host))).toEqual([]);
  });
});

describe('browser origins', () => {
  test.each<[string, EnvironmentInput, string[]]>([
    ['none for a Service of the cluster alone', {}, []],
    ['the load balancer and the nodes', ANSIBLE_ROLE, ['http://192.168.1.201:5000', 'http://192.168.1.85:30800']],
    [
      "no port where it is the scheme's own",
      { service: { type: 'LoadBalancer', port: 80, loadBalancerIP: '192.168.1.201' } },
      ['http://192.168.1.201'],
    ],
    [
      'an IPv6 address in brackets',
      { service: { type: 'LoadBalancer', loadBalancerIP: '2001:db8::1' } },
      ['http://[2001:db8::1]:5000'],
    ],
    [
      'what the environment adds, once',
      { ...ANSIBLE_ROLE, server: { corsAllowedOrigins: ['https://m.example.com', 'http://192.168.1.201:5000'] } },
      ['http://192.168.1.201:5000', 'http://192.168.1.85:30800', 'https://m.example.com'],
    ],
  ])('%s', (_, more, origins) => {
    expect(corsAllowedOrigins(of('3.18.0', more))).toEqual(origins);
  });
});
