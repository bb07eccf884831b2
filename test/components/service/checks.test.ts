import type { EnvironmentInput } from '../../../lib/environment/model';
import { type CheckCase, testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';

/** TLS in the pods beside that of the Ingress. */

type Tls = NonNullable<NonNullable<EnvironmentInput['service']>['tls']>;
type Outer = NonNullable<NonNullable<EnvironmentInput['ingress']>['tls']>;

const behindIngress = (tls: Tls, outer: Outer): EnvironmentInput => ({
  ...SMALLEST,
  service: { tls },
  ingress: { host: 'ml.example.com', controller: 'haproxy', tls: outer },
});
const ONE_SECRET = /^service\.tls\.secret: is (mlflow-tls|shared), which is the Secret of the Ingress too/;

testChecks([
  ...(
    [
      ['both by issuers', { secret: 'shared', issuer: 'internal' }, { secret: 'shared', issuer: 'public' }],
      ['that of the pods by its usual name', { issuer: 'internal' }, { secret: 'mlflow-tls', issuer: 'public' }],
      ['that of the Ingress by an issuer', { secret: 'shared' }, { secret: 'shared', issuer: 'public' }],
      ['that of the pods by an issuer', { secret: 'shared', issuer: 'internal' }, { secret: 'shared' }],
    ] as const
  ).map(
    ([title, tls, outer]): CheckCase => [
      `one Secret for two certificates, ${title}`,
      behindIngress(tls, outer),
      ONE_SECRET,
      behindIngress(tls, { ...outer, secret: 'other' }),
    ],
  ),
  [
    'one Secret that cert-manager does not fill',
    behindIngress({ secret: 'shared' }, { secret: 'shared', issuer: 'public' }),
    ONE_SECRET,
    behindIngress({ secret: 'shared' }, { secret: 'shared' }),
  ],
]);
