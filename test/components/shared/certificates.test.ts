import type { EnvironmentInput } from '../../../lib/environment/model';
import { issuesOf } from '../../support/checks';
import { resolved, SMALLEST } from '../../support/support';

/** A Secret with a certificate is none of those with logins and keys, wherever either is named. */

const EVERYTHING: EnvironmentInput = {
  ...SMALLEST,
  auth: { users: [{ name: 'ann', permission: 'READ' }] },
  backup: { destination: { s3: { bucket: 'backups' } } },
  monitoring: { metrics: {} },
  image: { pullSecret: 'registry' },
};
const host = 'ml.example.com';
const PLACES: readonly (readonly [path: string, (secret: string) => EnvironmentInput])[] = [
  ['service.tls.secret', (secret) => ({ ...EVERYTHING, service: { tls: { secret } } })],
  ['service.tls.secret', (secret) => ({ ...EVERYTHING, service: { tls: { secret, issuer: 'internal' } } })],
  ['ingress.tls.secret', (secret) => ({ ...EVERYTHING, ingress: { host, controller: 'haproxy', tls: { secret } } })],
  ['route.tls.secret', (secret) => ({ ...EVERYTHING, route: { host, tls: { secret } } })],
];
const SECRETS = resolved(EVERYTHING).requiredSecrets.map(({ name }) => name);

describe.each(PLACES)('%s', (path, environment) => {
  test.each(SECRETS)('is not %s', (secret) => {
    expect(issuesOf(environment(secret))).toEqual([
      expect.stringMatching(new RegExp(`^${path}: is ${secret}, which is the Secret of [a-z]\\S* too \\(use a Secret`)),
    ]);
  });

  test('may be another', () => {
    expect(issuesOf(environment('certificate'))).toEqual([]);
  });
});
