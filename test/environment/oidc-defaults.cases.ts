import { redirectUrl } from '../../lib/components/auth/oidc/addresses';
import type { GatewayInput, IngressInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { SMALLEST } from '../support/support';

const OIDC = { issuer: 'https://sso.example.com', clientId: 'mlflow' };
const signOn = (more: Partial<EnvironmentInput> = edge()): EnvironmentInput => {
  const url = more.ingress || more.gateway ? {} : { redirectUrl: 'https://ml.example.com/oauth2/callback' };
  return { ...SMALLEST, name: 'tracking', auth: { oidc: { ...OIDC, ...url } }, ...more };
};
function edge(more: Partial<IngressInput> = {}): Partial<EnvironmentInput> {
  return { ingress: { host: 'ml.example.com', controller: 'traefik', ...more } };
}
const GATEWAY: GatewayInput = {
  ...{ host: 'gw.example.com', port: 8443, controller: 'envoy-gateway', parentRefs: [{ name: 'web' }] },
};
const is = (input: EnvironmentInput, actual: (environment: ResolvedEnvironment) => unknown, expected: unknown) => ({
  input,
  actual,
  expected,
});

/** What the defaults of single sign-on follow from, by key. */
export const OIDC_DEFAULTS = {
  'auth.oidc.secret': [is(signOn(), ({ auth }) => auth.oidc?.secret, 'tracking-oidc')],
  'auth.oidc.proxySecret': [is(signOn(), ({ auth }) => auth.oidc?.proxySecret, 'tracking-oauth2-proxy')],
  'auth.oidc.redirectUrl': [
    is(signOn(edge()), redirectUrl, 'http://ml.example.com/oauth2/callback'),
    is(signOn(edge({ tls: { secret: 'tls' }, path: '/x' })), redirectUrl, 'https://ml.example.com/x/oauth2/callback'),
    is(signOn({ gateway: GATEWAY }), redirectUrl, 'https://gw.example.com:8443/oauth2/callback'),
    is(signOn({ ...edge(), gateway: GATEWAY }), redirectUrl, 'http://ml.example.com/oauth2/callback'),
  ],
  'auth.oidc.image.repository': ['quay.io', 'registry.example.com/mirror'].map((registry) =>
    is(
      signOn({ image: { registry: registry === 'quay.io' ? undefined : registry } }),
      ({ auth }) => auth.oidc?.image,
      `${registry}/oauth2-proxy/oauth2-proxy:v7.15.6`,
    ),
  ),
  'auth.oidc.resources.requests.memory': [
    is(
      signOn({ ...edge(), auth: { oidc: { ...OIDC, resources: { limits: { memory: '256Mi' } } } } }),
      ({ auth }) => auth.oidc?.resources.requests.memory,
      '256Mi',
    ),
  ],
};
