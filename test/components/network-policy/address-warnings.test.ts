import type { EnvironmentInput } from '../../../lib/environment/model';
import { SHORT_PROGRAMS as PROGRAMS } from '../../support/fixtures';
import { letsOut } from '../../support/policies';
import { objectsOf, playing } from '../../support/support';
import { BLOCKS, CLOUD, messages, RDS, withAddresses } from './cloud';

describe('a warning says that', () => {
  test('another host has the same port', () => {
    const found = messages(
      withAddresses(CLOUD, { [RDS]: BLOCKS, 's3.eu-central-1.amazonaws.com': BLOCKS }),
      'warnings',
    );
    expect(found).toEqual([
      'networkPolicy|addresses|s3.eu-central-1.amazonaws.com: does not narrow port 443 of server, backup, garbage-collection, which is open to any address for sts.eu-central-1.amazonaws.com and s3.us-west-2.amazonaws.com (narrow these too)',
    ]);
  });

  test('a further destination is everything', () => {
    const input = withAddresses(
      { ...CLOUD, networkPolicy: { egress: [{ cidr: '0.0.0.0/0', ports: [5432] }] } },
      { [RDS]: BLOCKS },
    );
    expect(messages(input, 'warnings')).toContain(
      `networkPolicy|addresses|${RDS}: does not narrow port 5432, which is open to any address for networkPolicy.egress[0] (narrow that too)`,
    );
  });

  test.each<[cidr: string, ports: readonly number[], useless: boolean]>([
    ['10.20.0.0/16', [5432], true],
    ['10.20.0.0/16', [5432, 443], true],
    ['fd00::/8', [443], true],
    ['10.20.0.0/16', [5432, 6432], false],
    ['10.20.0.0/16', [], false],
    ['169.254.169.254/32', [443], false],
  ])('a further destination %s on %j adds nothing: %j', (cidr, ports, useless) => {
    const input = { ...CLOUD, networkPolicy: { egress: [{ cidr, ports: [...ports] }] } };
    const found = messages(input, 'warnings').filter((message) => message.includes('adds nothing'));
    expect(found).toHaveLength(useless ? 1 : 0);
    if (!useless) return;
    expect(found[0]).toMatch(
      /^networkPolicy\|egress\|0: .* to any address on ports? .*\(set networkPolicy.addresses for that, or remove it if .*smoke-test do(es)? not need it\)$/,
    );
    // Without it, the policy of the server allows the same.
    const policies = (each: EnvironmentInput) => playing(objectsOf(each, PROGRAMS), 'server');
    const own = letsOut(policies(input), 'server', { address: '10.20.0.1', port: ports[0] ?? 0 });
    expect(letsOut(policies(CLOUD), 'server', { address: '10.20.0.1', port: ports[0] ?? 0 })).toBe(own);
  });

  test.each<[more: Partial<EnvironmentInput>, ports: readonly number[], needed: readonly string[]]>([
    [{}, [5432], ['verification', 'smoke-test']],
    [{}, [443], ['smoke-test']],
    [{ smokeTest: { enabled: false } }, [443, 5432], ['verification']],
    [{ smokeTest: { enabled: false }, backup: undefined }, [443, 5432], []],
    [{ server: { env: { OTHER: 'http://other.example.com:8443' } } }, [8443], []],
  ])('with %j, a further destination on %j can also be needed by other pods: %j', (more, ports, needed) => {
    const without = { ...CLOUD, ...more };
    const input = { ...without, networkPolicy: { egress: [{ cidr: '10.20.0.0/16', ports: [...ports] }] } };
    const [found = ''] = messages(input, 'warnings').filter((message) => message.includes('adds nothing'));
    expect(found).toMatch(/, or remove it( if .* not need it)?\)$/);
    expect(/remove it if (.+) (do|does) not need it/.exec(found)?.[1]?.split(', ') ?? []).toEqual(needed);
    // Those that are named lose a way without it, and no others.
    const loses = (role: string) =>
      ports.some((port) => {
        const opens = (each: EnvironmentInput) =>
          letsOut(playing(objectsOf(each, PROGRAMS), role), role, { address: '10.20.0.1', port });
        return opens(input) !== opens(without);
      });
    const roles = ['server', 'backup', 'verification', 'garbage-collection', 'smoke-test'];
    const present = roles.filter((role) => playing(objectsOf(input, PROGRAMS), role).length > 0);
    expect(present.filter(loses)).toEqual(needed);
  });

  test('addresses are everywhere, or do nothing without a policy', () => {
    const risks = (addresses: Record<string, string[]>, enabled = true) =>
      messages({ ...CLOUD, networkPolicy: { enabled, addresses } }, 'warnings');
    expect(risks({ [RDS]: ['0.0.0.0/0'] }).join()).toMatch(/addresses\|.*\|0: is 0.0.0.0\/0, which is wider/);
    expect(risks({ [RDS]: ['3.0.0.0/8', '52.0.0.0/8'] }).join()).toMatch(/let pods connect to more public addresses/);
    expect(risks({ [RDS]: BLOCKS }, false).join()).toMatch(/is false, so networkPolicy.addresses restrict nothing/);
    expect(risks({ [RDS]: BLOCKS })).toEqual([]);
  });
});
