import { formatPath } from '../../../../lib/input/issue';
import { resolution } from '../../../support/support';
import { type Oidc, signOn } from './sign-on';

const warningsOf = (oidc: Partial<Oidc>): string[] =>
  resolution(signOn({ emailDomains: ['example.com'], ...oidc })).warnings.map(
    ({ path, message }) => `${formatPath(path)} ${message}`,
  );

test.each(['v7.15.6', '7.15.0', 'v7.16.1-alpine', 'v8.0.0', 'company-3'])('the proxy %s may be new enough', (tag) => {
  expect(warningsOf({ image: { tag } })).toEqual([]);
});

test.each(['v7.14.9', '7.4.0', 'v6.1.1-alpine'])('the proxy %s is too old for its settings', (tag) => {
  expect(warningsOf({ image: { tag } })).toEqual([
    expect.stringMatching(/^auth\.oidc\.image\.tag is older than v[\d.]+, whose settings it gets and may not read/),
  ]);
});

test('without the scope email most providers send no address', () => {
  expect(warningsOf({ scopes: ['openid', 'profile'] })).toEqual([
    expect.stringMatching(/^auth\.oidc\.scopes do not contain email, so most providers/),
  ]);
  expect(warningsOf({ scopes: ['openid', 'email'] })).toEqual([]);
});
