import { areEverywhere } from '../../components/shared/risks/addresses';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';
import { backendsOf } from '../rules/backends';
import { meets } from '../rules/selectors';
import { componentOf, podsOf } from '../rules/workloads';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

interface ServiceSpec {
  readonly type?: string;
  readonly externalIPs?: readonly string[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly loadBalancerSourceRanges?: readonly string[];
}

/**
 * Pods that serve MLflow, also if a patch starts it in another way, and whether they ask for a login: by MLflow's app, or
 * by the one of the environment.
 */
export function serversOf(objects: readonly Manifest[], { auth }: ResolvedEnvironment) {
  const apps = ['basic-auth', ...(auth.app ? [auth.app.name] : [])];
  return podsOf(objects).flatMap(({ object, metadata, spec, containers }) =>
    containers.flatMap(({ name, command = [], args = [] }) => {
      const line = [...command, ...args].join(' ');
      const isOurs = name === 'server' && componentOf(object) === 'server';
      if (object.kind !== 'Deployment' || !(isOurs || /\bmlflow server\b/.test(line))) return [];
      return [
        {
          object,
          spec,
          containers,
          labels: metadata.labels,
          hasLogin: apps.includes(/--app-name[= ]["']?([-.\w]+)/.exec(line)?.[1] ?? ''),
          hasTls: isOurs && command.some((word) => word.startsWith('--tls=')),
        },
      ];
    }),
  );
}

/** A server without a login although the environment has authentication. */
export const serversWithoutLogin: ObjectRiskCheck = (objects, environment) =>
  environment.auth.enabled
    ? serversOf(objects, environment)
        .filter(({ hasLogin }) => !hasLogin)
        .map(({ object }) => ({
          object,
          risk: 'no-login',
          what: `serves MLflow without option --app-name=${environment.auth.app?.name ?? 'basic-auth'}, so no login is checked`,
          fix: 'keep the option',
        }))
    : [];

/** Services that are reached from outside the cluster, with what is behind them. */
export const outsideServices: ObjectRiskCheck = (objects, environment) => {
  const servers = serversOf(objects, environment);
  return objects.flatMap((object): ObjectRisk[] => {
    const {
      type = 'ClusterIP',
      externalIPs = [],
      selector = {},
      loadBalancerSourceRanges = [],
    } = object.kind === 'Service' ? ((object.spec ?? {}) as ServiceSpec) : {};
    const how = ['NodePort', 'LoadBalancer'].includes(type) ? `type ${type}` : externalIPs.length > 0 && 'externalIPs';
    if (!how) return [];
    const fix = 'use type ClusterIP';
    const others = servers.filter(({ labels = {} }) => meets({ matchLabels: selector }, labels));
    if (others.some(({ hasLogin }) => !hasLogin)) {
      const what = `has ${how}, but its pods check no login, so everyone who reaches it can change everything`;
      return [{ object, others: others.map((each) => each.object), risk: 'no-login', what, fix }];
    }
    const isRestricted = loadBalancerSourceRanges.length > 0 && !areEverywhere(loadBalancerSourceRanges);
    if (type === 'LoadBalancer' && isRestricted) return [];
    const isEncrypted = others.length > 0 && others.every(({ hasTls }) => hasTls);
    const what = `has ${how}, so it is reached from outside the cluster${isEncrypted ? '' : ', without TLS'}`;
    return [{ object, risk: 'open-network', what, fix }];
  });
};

/** An Ingress or a route to pods that check no login. */
export const openRoutes: ObjectRiskCheck = (objects, environment) => {
  const open = serversOf(objects, environment).filter(({ hasLogin }) => !hasLogin);
  const services = objects.filter(({ kind }) => kind === 'Service');
  return objects.flatMap((object): ObjectRisk[] => {
    const names = backendsOf(object).map(({ name }) => name);
    const behind = services.filter(
      ({ metadata }) => names.includes(metadata.name) && metadata.namespace === object.metadata.namespace,
    );
    const servers = open.filter(({ labels = {} }) =>
      behind.some(({ spec }) => meets({ matchLabels: (spec as ServiceSpec | undefined)?.selector }, labels)),
    );
    if (servers.length === 0) return [];
    const what = 'leads to pods that check no login, so everyone who reaches it can change everything';
    return [
      { object, others: servers.map((each) => each.object), risk: 'no-login', what, fix: 'set auth.enabled: true' },
    ];
  });
};
