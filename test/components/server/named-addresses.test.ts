import { exposureOf } from '../../../lib/components/image/exposure';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { all, objectsOf, resolution, resolved, SMALLEST } from '../../support/support';

/** What URLs in variables open, and what they never do. */

type ServerInput = NonNullable<EnvironmentInput['server']>;

const egressOf = (server: ServerInput) => JSON.stringify(all(objectsOf({ ...SMALLEST, server }), 'NetworkPolicy'));

const places: readonly (readonly [where: string, of: (url: string) => ServerInput])[] = [
  ['server.env', (url) => ({ env: { COLLECTOR: url } })],
  ['a sidecar', (url) => ({ sidecars: [{ name: 'a', image: 'b:1.0.0', env: [{ name: 'COLLECTOR', value: url }] }] })],
];

describe.each(places)('a URL in %s', (_, server) => {
  const usual = egressOf(server('none'));

  test('opens the way to its host', () => {
    expect(egressOf(server('http://203.0.113.7:4317'))).toContain('203.0.113.7/32');
  });

  test.each([
    'http://169.254.169.254/latest',
    'http://169.254.170.23/v1/credentials',
    'http://[fd00:ec2::254]/latest',
    'http://100.100.100.200/',
    'http://168.63.129.16:80',
    'http://localhost:4317',
    'http://127.0.0.1:4317',
    'http://10.0.0.1:99999',
  ])('opens nothing for %s', (url) => {
    expect(egressOf(server(url)).replaceAll(url, 'none')).toBe(usual);
    expect(resolution({ ...SMALLEST, server: server(url) }).issues).toEqual([]);
  });

  test('of the pod itself is no way out of it', () => {
    const own: EnvironmentInput = { database: { embedded: {} }, artifacts: { embedded: {} } };
    const isClosed = (url: string) => exposureOf(resolved({ ...own, server: server(url) })).ownStoresOnly;
    expect([isClosed('http://localhost:4317'), isClosed('http://203.0.113.7:4317')]).toEqual([true, false]);
  });
});
