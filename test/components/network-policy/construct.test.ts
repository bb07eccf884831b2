import type { EnvironmentInput } from '../../../lib/environment/model';
import { FULLEST, SHORT_PROGRAMS as PROGRAMS, written } from '../../support/fixtures';
import { objectsOf, one, playing, SMALLEST } from '../../support/support';

describe('a network policy lets out to', () => {
  const block = (cidr: string) => ({ ipBlock: { cidr } });
  const without = (cidr: string, ...except: readonly string[]) => ({ ipBlock: { cidr, except } });
  const metadata6 = [
    'fe80::/10',
    'fd00:ec2::/32',
    'fd20:ce::254/128',
    'fd00:c1::a9fe:a9fe/128',
    'fd00:42::42/128',
    '64:ff9b::a9fe:0/112',
  ];
  const anywhere = [
    without('0.0.0.0/0', '169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32'),
    without('::/0', ...metadata6),
  ];
  const port = (number: number) => [{ port: number, protocol: 'TCP' }];
  const rules = (input: EnvironmentInput) => one(objectsOf(input, PROGRAMS), 'NetworkPolicy').spec?.egress ?? [];

  test.each<[cidr: string, to: unknown]>([
    ['0.0.0.0/0', anywhere[0]],
    ['::/0', anywhere[1]],
    ['128.0.0.0/1', without('128.0.0.0/1', '169.254.0.0/16', '168.63.129.16/32')],
    ['169.0.0.0/8', without('169.0.0.0/8', '169.254.0.0/16')],
    ['100.64.0.0/10', without('100.64.0.0/10', '100.100.100.200/32')],
    ['fd00::/8', without('fd00::/8', ...metadata6.filter((each) => each.startsWith('fd')))],
    ['10.0.0.0/8', block('10.0.0.0/8')],
    ['2001:db8::/32', block('2001:db8::/32')],
    // Named on purpose, for a pod with an identity.
    ['169.254.0.0/16', block('169.254.0.0/16')],
    ['169.254.170.23/32', block('169.254.170.23/32')],
    ['fe80::/64', block('fe80::/64')],
    ['fd00:ec2::254/128', block('fd00:ec2::254/128')],
  ])('the block %s of the environment file, but no metadata service in it', (cidr, to) => {
    expect(rules({ ...SMALLEST, networkPolicy: { egress: [{ cidr, ports: [80] }] } })).toContainEqual({
      to: [to],
      ports: port(80),
    });
  });
});

describe('a network policy lets in', () => {
  const from = (input: EnvironmentInput) =>
    JSON.stringify(one(objectsOf({ ...SMALLEST, ...input }, PROGRAMS), 'NetworkPolicy').spec?.ingress);

  test('the whole world only when the Service is open to it', () => {
    expect(from({})).not.toContain('0.0.0.0/0');
    expect(from({ service: { type: 'NodePort' } })).toContain('0.0.0.0/0');
    expect(from({ service: { type: 'LoadBalancer' } })).toContain('::/0');
    const service = { type: 'LoadBalancer' as const, sourceRanges: ['10.0.0.0/8'] };
    expect(from({ service: { ...service, externalTrafficPolicy: 'Local' } })).not.toContain('0.0.0.0/0');
    // Here the pod sees the address of a node, and the load balancer has filtered already.
    expect(from({ service })).toContain('0.0.0.0/0');
    expect(
      from({ service: { type: 'LoadBalancer' }, networkPolicy: { clients: { cidrs: ['10.0.0.0/8'] } } }),
    ).not.toContain('0.0.0.0/0');
  });

  test('pods that are named, and only together with their namespace', () => {
    const rules = one(playing(objectsOf(written(FULLEST), PROGRAMS), 'server'), 'NetworkPolicy').spec?.ingress ?? [];
    const named = rules.flatMap(({ from: peers = [] }) => peers).filter(({ podSelector }) => podSelector);
    expect(named).toHaveLength(6);
    for (const peer of named) expect(peer.namespaceSelector).toBeDefined();
  });
});
