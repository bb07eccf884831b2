import { App, Chart } from 'cdk8s';
import { z } from 'zod';
import type { Component } from '../../lib/components/component';
import { NetworkPolicy } from '../../lib/components/network-policy/construct';
import { requiredSecrets } from '../../lib/components/secrets/required';
import { keysOf } from '../../lib/components/shared/contributions/secret-keys';
import { podPeer, tcp } from '../../lib/components/shared/contributions/traffic';
import { instanceOf } from '../../lib/components/shared/instance';
import { ALL, alertsOf, collect, type EnvironmentComponent, panelsOf } from '../../lib/environment/contributions';
import { KubeConfigMap } from '../../lib/kubernetes/objects';
import { resolved, SMALLEST } from '../support/support';

interface Sections {
  readonly name: string;
}

/** A component with a bit of everything, as a new one would be: its folder would hold this, and one line would name it. */
const cache = {
  sections: { cache: z.strictObject({}).optional() },
  resolve: () => ({}),
  secretKeys: () =>
    keysOf({ section: ['cache'], purpose: 'login', secret: 'cache-login', isOurs: true }, [
      ['passwordKey', 'password', 'mlflow-password', { random: 24 }],
    ]),
  provided: () => [{ kind: 'ConfigMap', name: 'cache-settings' }],
  claims: () => [
    {
      claim: { name: 'cache', size: '1Gi', accessMode: 'ReadWriteOnce' },
      path: ['cache', 'storage', 'name'],
      create: true,
    },
  ],
  connections: () => 2,
  targets: (resolved) => [
    { name: 'cache', egress: [{ to: [podPeer(resolved, 'cache')], ports: [tcp(6379)] }], role: 'cache' },
  ],
  traffic: ({ name }) => [
    { role: 'cache', policy: `${name}-cache` },
    // The server uses it, whatever other components do.
    { role: 'server', policy: name, uses: ['cache'] },
  ],
  storePods: ({ name }) => [`${name}-cache-0`],
  alerts: (_, { series }) => [
    {
      name: 'CacheDown',
      group: 'mlflow-stores',
      severity: 'warning',
      query: series.ofPods('up'),
      minutes: 1,
      summary: 'the cache is down',
      description: 'Requests are slow.',
    },
  ],
  panels: () => [{ row: 'stores', title: 'Cache', kind: 'lines', unit: 'none', queries: [] }],
  file: 'cache',
  create: (scope, id) => {
    new KubeConfigMap(scope, id);
  },
} satisfies Component<Sections, object, Sections>;

describe('a component that is added', () => {
  const environment = resolved({ ...SMALLEST, monitoring: { metrics: {}, rules: {} } });
  const components: readonly EnvironmentComponent[] = [...ALL, cache];
  const others = collect(environment, components);

  test('is part of what each list is derived from', () => {
    expect(others.claims.map(({ claim }) => claim.name)).toEqual(['cache']);
    expect(alertsOf(environment, components).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['CacheDown', 'MlflowClaimFilling']),
    );
    expect(panelsOf(environment, components).map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Cache', 'Claims']),
    );
    const keys = components.flatMap((component) => component.secretKeys?.(environment) ?? []);
    expect(requiredSecrets('mlflow', keys, environment.secrets).map(({ name }) => name)).toContain('cache-login');
  });

  test('is watched with the pods that it names', () => {
    const restarts = alertsOf(environment, components).find(({ name }) => name === 'MlflowRestarts');
    expect(restarts?.query).toContain('mlflow-cache-0');
    expect(alertsOf(environment).find(({ name }) => name === 'MlflowRestarts')?.query).not.toContain('cache');
  });

  test('gets a policy, and the pods that use it may reach it', () => {
    const chart = new Chart(new App({ outdir: '.' }), 'chart');
    const { traffic, targets } = others;
    new NetworkPolicy(chart, 'network-policy', { instance: instanceOf(environment), traffic, targets });
    const policies = chart.toJson().map(({ metadata, spec }) => [metadata.name, spec]);
    const cachePod = {
      podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'cache' }) },
    };
    const serverPod = {
      podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'server' }) },
    };
    const ports = [{ port: 6379, protocol: 'TCP' }];
    expect(policies).toEqual([
      ['mlflow', expect.objectContaining({ egress: expect.arrayContaining([{ to: [cachePod], ports }]) })],
      ['mlflow-cache', expect.objectContaining({ ingress: [{ from: [serverPod], ports }] })],
    ]);
  });

  test('cannot use what no component contributes', () => {
    const chart = new Chart(new App({ outdir: '.' }), 'chart');
    const traffic = [{ role: 'x', policy: 'x', uses: ['nothing'] }];
    const policy = () =>
      new NetworkPolicy(chart, 'network-policy', { instance: instanceOf(environment), traffic, targets: [] });
    expect(policy).toThrow('no component contributes the target nothing');
  });
});

describe('the components of an environment', () => {
  test('have files, roles and targets of their own', () => {
    const files = ALL.flatMap(({ file }) => file ?? []);
    expect(new Set(files).size).toBe(files.length);
    const { targets, traffic } = collect(
      resolved({ ...SMALLEST, garbageCollection: {}, smokeTest: { enabled: true } }),
    );
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
    const policies = new Map(traffic.map(({ role, policy }) => [policy, role]));
    for (const { role, policy } of traffic) expect(policies.get(policy)).toBe(role);
  });
});
