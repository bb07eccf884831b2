import fc from 'fast-check';
import { GATEWAY_CONTROLLER_NAMES } from '../../lib/components/gateway/controllers';
import { CONTROLLER_NAMES } from '../../lib/components/ingress/controllers';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { few, type Items, map, type Optional, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import { annotations, block, labelValue, namespaceName, objectName } from './shared/values';

type Ingress = Optional<EnvironmentInput['ingress']>;
type Gateway = Optional<EnvironmentInput['gateway']>;
type Route = Optional<EnvironmentInput['route']>;

const host = pick('mlflow.example.com', 'ml.example.org', 'localhost.localdomain');
const further = pick('second.example.com', 'third.example.org');
const path = pick('/', '/mlflow', '/tools/ml_flow');
const port = pick(443, 8443, 30443);
// All sources, so that `other` has one.
const from = some<Optional<Ingress['from']>>(
  { namespace: namespaceName, labels: map(['app', 'example.com/role'], labelValue), cidrs: few(block) },
  'namespace',
);

export const exposure: ComponentArbitrary<'ingress' | 'gateway' | 'route'> = {
  sections: {
    ingress: some<Ingress>(
      {
        host,
        additionalHosts: fc.uniqueArray(further, { maxLength: 2 }),
        path,
        controller: pick(...CONTROLLER_NAMES),
        className: objectName,
        port,
        tls: fc.oneof(
          some<Optional<Ingress['tls']>>(
            {
              secret: objectName.map((name) => `tls.${name}`),
              issuer: objectName,
              issuerKind: pick('ClusterIssuer', 'Issuer'),
              atBalancer: pick(false),
            },
            'issuer',
          ),
          pick({ secret: 'outer.tls' }, { atBalancer: true }),
        ),
        from,
        annotations,
      },
      'host',
      'controller',
      'from',
    ).map(({ tls, ...rest }) =>
      tls ? { ...rest, tls: rest.controller === 'aws-alb' ? { atBalancer: true } : tls } : rest,
    ),
    gateway: some<Gateway>(
      {
        host,
        additionalHosts: fc.uniqueArray(further, { maxLength: 2 }),
        path,
        parentRefs: fc.uniqueArray(
          some<Items<Gateway['parentRefs']>>(
            { name: objectName, namespace: namespaceName, sectionName: objectName, port: pick(80, 443) },
            'name',
          ),
          { minLength: 1, maxLength: 3, selector: ({ name }) => name },
        ),
        controller: pick(...GATEWAY_CONTROLLER_NAMES),
        scheme: pick('http', 'https'),
        port,
        timeout: pick('0s', '1h30m', '500ms'),
        from,
        annotations,
      },
      'host',
      'parentRefs',
      'controller',
      'from',
    ),
    route: some<Route>(
      {
        host,
        path,
        tls: some<Optional<Route['tls']>>({
          enabled: fc.boolean(),
          secret: objectName.map((name) => `tls.${name}`),
        }).map(({ secret, ...tls }) => (tls.enabled === false || secret === undefined ? tls : { ...tls, secret })),
        port,
        from,
        annotations,
      },
      'host',
    ),
  },
  settle: (given, version) => {
    // MLflow serves one path.
    const prefix = given.server?.staticPrefix ?? given.ingress?.path ?? given.gateway?.path ?? given.route?.path;
    const settled = { ...given };
    for (const key of ['ingress', 'gateway', 'route'] as const) {
      const edge = settled[key];
      if (edge?.path !== undefined) Object.assign(settled, { [key]: { ...edge, path: prefix } });
    }
    // Balancers of Google need a health page that asks for no login.
    if (prefix !== undefined && prefix !== '/' && !atLeast(version, '3.13.0')) {
      const { ingress, gateway } = settled;
      if (ingress?.controller === 'gce') settled.ingress = { ...ingress, controller: 'traefik' };
      if (gateway?.controller === 'gke') settled.gateway = { ...gateway, controller: 'istio' };
    }
    return settled;
  },
};
