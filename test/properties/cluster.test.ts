import { BlockList } from 'node:net';
import { all, container, type MadePod, one, playing, podsOf, selects, variables, walk } from '../support/support';
import { amount, holds, none, type Valid } from './sample';

/** The components whose pods are among peers of a policy; a peer that is more than pods of the instance's own namespace is named whole. */
function partsOf(peers: readonly object[], pods: readonly MadePod[]): string[] {
  const met = peers.flatMap((peer) => {
    const { podSelector, ...more } = peer as { podSelector?: Record<string, unknown> };
    if (!podSelector || Object.keys(more).length > 0) return [JSON.stringify(peer)];
    return pods
      .filter(({ labels }) => selects(podSelector, labels))
      .map(({ labels }) => labels['app.kubernetes.io/component']);
  });
  return [...new Set(met.map(String))];
}

describe('the cluster', () => {
  const mostPods = ({ replicas = 1, autoscaling }: Valid['given']['server']) => autoscaling?.maxReplicas ?? replicas;

  holds('has exactly one source of the number of pods', ({ objects, given }) => {
    const { autoscaling, replicas = 1 } = given.server;
    const deployment = one(objects, 'Deployment');
    expect(deployment.spec?.replicas).toBe(autoscaling ? undefined : replicas);
    const scalers = all(objects, 'HorizontalPodAutoscaler');
    expect(scalers.map(({ spec }) => spec?.scaleTargetRef)).toEqual(
      autoscaling ? [{ apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.metadata?.name }] : [],
    );
    for (const { spec } of scalers) {
      expect(spec).toMatchObject({ minReplicas: autoscaling?.minReplicas, maxReplicas: autoscaling?.maxReplicas });
    }
  });

  holds('has connections enough for every pod of a rollout', ({ objects, given, environment }) => {
    const { strategy } = one(objects, 'Deployment').spec ?? {};
    // Pods that end and pods that start, together.
    const pods = Math.max(mostPods(given.server), 1) * (strategy?.type === 'RollingUpdate' ? 2 : 1);
    const { MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: size, MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: overflow } = variables(
      container(objects, 'server'),
    );
    expect(Number(size)).toBeGreaterThan(0);
    expect(Number(overflow)).toBeGreaterThan(0);
    const each = environment.server.workers * 3 * (Number(size) + Number(overflow)) + 3;
    expect(pods * each).toBeLessThanOrEqual(given.database.maxConnections);
  });

  holds('keeps a volume that cannot be shared to one pod at a time', ({ objects, given }) => {
    const { replicas = 1, strategy } = one(objects, 'Deployment').spec ?? {};
    const { mountPath, accessMode } = given.storage.data ?? {};
    const mounted = container(objects, 'server').volumeMounts?.some((mount) => mount.mountPath === mountPath);
    expect(mounted).toBe(mountPath !== undefined);
    if (mountPath && accessMode !== 'ReadWriteMany') {
      expect(strategy).toEqual({ type: 'Recreate' });
      expect(replicas).toBeLessThanOrEqual(1);
      expect(all(objects, 'HorizontalPodAutoscaler')).toEqual([]);
    }
    // A surplus pod that must keep off every node would wait for ever.
    const [maxSurge, maxUnavailable] = given.availability.antiAffinity === 'required' ? [0, 1] : [1, 0];
    if (strategy?.type === 'RollingUpdate') expect(strategy.rollingUpdate).toEqual({ maxSurge, maxUnavailable });
    else expect(strategy?.rollingUpdate).toBeUndefined();
  });

  holds('keeps pods apart from two replicas on, unless told otherwise', ({ objects, pods, given }) => {
    const several = mostPods(given.server) > 1;
    const { disruptionBudget, topologySpread, antiAffinity } = given.availability;
    expect(all(objects, 'PodDisruptionBudget')).toHaveLength((disruptionBudget ?? several) ? 1 : 0);
    for (const { spec, labels } of pods) {
      const isServer = labels['app.kubernetes.io/component'] === 'server';
      const apart = antiAffinity === undefined ? several : antiAffinity !== 'none';
      expect(spec.topologySpreadConstraints !== undefined).toBe(isServer && (topologySpread ?? several));
      expect(spec.affinity?.podAntiAffinity !== undefined).toBe(isServer && apart);
    }
    for (const budget of all(objects, 'PodDisruptionBudget')) expect(budget.spec?.maxUnavailable).toBe(1);
  });

  holds('has a policy for the pods of each component, in both directions, or none at all', (environment) => {
    const policies = all(environment.objects, 'NetworkPolicy');
    const enabled = environment.given.networkPolicy.enabled;
    for (const { spec } of policies) expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const { labels } of environment.pods) {
      const covering = policies.filter(({ spec }) => selects({ ...spec?.podSelector }, labels));
      expect(covering).toHaveLength(enabled ? 1 : 0);
    }
    const components = new Set(environment.pods.map(({ labels }) => labels['app.kubernetes.io/component']));
    expect(policies).toHaveLength(enabled ? components.size : 0);
  });

  holds(
    'lets only the server, backups and the garbage collection reach a store, a store reach nothing, and nothing reach the generator of Secrets',
    (of) => {
      const { backup, garbageCollection } = of.given;
      const keepsBackups = backup?.destination.s3?.endpoint?.includes(`${of.given.name}-object-store`);
      const collector = garbageCollection ? ['garbage-collection'] : [];
      const users = {
        database: ['server', ...(backup ? ['backup'] : []), ...collector],
        'object-store': [
          'server',
          ...(backup?.artifacts || keepsBackups ? ['backup'] : []),
          ...(backup?.verification && keepsBackups ? ['verification'] : []),
          ...collector,
        ],
      };
      for (const part of ['database', 'object-store'] as const) {
        for (const { spec } of all(playing(of.objects, part), 'NetworkPolicy')) {
          expect(spec?.egress).toBeUndefined();
          const peers = (spec?.ingress ?? []).flatMap(({ from = [] }) => from);
          expect(partsOf(peers, of.pods).toSorted()).toEqual(users[part].toSorted());
        }
      }
      for (const { spec } of all(playing(of.objects, 'secret-generator'), 'NetworkPolicy')) {
        expect(spec?.ingress).toBeUndefined();
        const rules = (spec?.egress ?? []).map(({ ports = [] }) => ports.map(({ port }) => port));
        expect(rules.pop()).toEqual([443, 6443, 8443, 16443]);
        // And DNS, because an API server may have a name.
        const dns = of.given.networkPolicy.dns.map(({ port }) => port);
        expect(rules).toEqual([...new Set(dns)].map((port) => [port, port]));
      }
    },
  );

  holds('lets into a store of its own exactly the pods that may go out to it', ({ objects, pods, given }) => {
    if (!given.networkPolicy.enabled) return;
    const componentOf = ({ labels }: MadePod) => labels['app.kubernetes.io/component'] ?? '';
    for (const [part, port] of [
      ['database', 5432],
      ['object-store', 7070],
    ] as const) {
      const [policy] = all(playing(objects, part), 'NetworkPolicy');
      if (!policy) continue;
      const others = new Set(pods.map(componentOf).filter((other) => other !== part));
      const isOn = ({ ports = [] }: { readonly ports?: readonly { readonly port?: unknown }[] }) =>
        ports.some((each) => each.port === port);
      const goingOut = [...others].filter((other) =>
        all(playing(objects, other), 'NetworkPolicy')
          .flatMap(({ spec }) => spec?.egress ?? [])
          .some((rule) => isOn(rule) && partsOf(rule.to ?? [], pods).includes(part)),
      );
      const letIn = partsOf(
        (policy.spec?.ingress ?? []).filter(isOn).flatMap(({ from = [] }) => from),
        pods,
      );
      expect(letIn.toSorted()).toEqual(goingOut.toSorted());
    }
  });

  holds('lets Jobs reach the server and what they use, and nothing reach them', ({ objects, pods, given }) => {
    const { dns, egress } = given.networkPolicy;
    for (const part of ['garbage-collection', 'smoke-test']) {
      for (const { spec } of all(playing(objects, part), 'NetworkPolicy')) {
        expect(spec?.ingress).toBeUndefined();
        const rules = spec?.egress ?? [];
        expect(rules.at(-1)?.ports).toEqual([{ port: given.auth.oidc ? 4180 : 5000, protocol: 'TCP' }]);
        expect(partsOf(rules.at(-1)?.to ?? [], pods)).toEqual(['server']);
        const stores = part === 'garbage-collection' ? 2 : given.artifacts.access === 'direct' ? 1 : 0;
        // A name of two words is two rules, and no rule is there twice.
        // And where an identity gets its tokens: two addresses at most.
        const { azure, gcs, s3 } = given.artifacts;
        const tokens = (azure?.identity ?? gcs?.identity ?? s3.identity) ? 2 : 0;
        expect(rules.length).toBeLessThanOrEqual(dns.length + 2 * stores + tokens + egress.length + 1);
        for (const { namespace, cidr = '' } of egress)
          expect(JSON.stringify(rules)).toContain(`"${namespace ?? cidr}"`);
      }
    }
  });

  holds('lets the server reach its own stores and no other pod beside them', ({ objects, pods, given }) => {
    for (const { spec } of all(playing(objects, 'server'), 'NetworkPolicy')) {
      const ports = { database: 5432, 'object-store': 7070 };
      for (const [part, port] of Object.entries(ports)) {
        const embedded = part === 'database' ? given.database.embedded : given.artifacts.embedded;
        if (!embedded) continue;
        const ours = (spec?.egress ?? [])
          .filter(({ to = [] }) => to.some(({ podSelector }) => podSelector))
          .filter((rule) => rule.ports?.some((each) => each.port === port));
        expect(ours.map(({ ports: all }) => all)).toEqual([[{ port, protocol: 'TCP' }]]);
        expect(partsOf(ours[0]?.to ?? [], pods)).toEqual([part]);
      }
    }
  });

  holds('lets no pod out to a metadata service of a cloud', ({ objects, environment, given }) => {
    // Named by an identity: the addresses that give its keys.
    const { artifacts, backup } = environment;
    const identities = [artifacts.s3?.identity, backup?.destination.s3?.identity];
    const onGke = artifacts.gcs?.identity ?? backup?.destination.gcs?.identity;
    const agents = [
      ...(identities.some((identity) => identity?.podIdentity) ? ['169.254.170.23/32', 'fd00:ec2::23/128'] : []),
      ...(onGke ? ['169.254.169.254/32', '169.254.169.252/32'] : []),
    ];
    const services: readonly (readonly [address: string, family: 'ipv4' | 'ipv6'])[] = [
      ['169.254.169.254', 'ipv4'],
      ['169.254.170.23', 'ipv4'],
      ['100.100.100.200', 'ipv4'],
      ['168.63.129.16', 'ipv4'],
      ['fd00:ec2::254', 'ipv6'],
      ['fd20:ce::254', 'ipv6'],
      ['fe80::1', 'ipv6'],
    ];
    const listOf = (blocks: readonly string[]) => {
      const list = new BlockList();
      for (const block of blocks) {
        const [address = '', length] = block.split('/');
        list.addSubnet(address, Number(length), address.includes(':') ? 'ipv6' : 'ipv4');
      }
      return list;
    };
    for (const { spec } of all(objects, 'NetworkPolicy')) {
      for (const { ipBlock } of (spec?.egress ?? []).flatMap(({ to = [] }) => to)) {
        if (!ipBlock || agents.includes(ipBlock.cidr)) continue;
        const [allowed, refused] = [listOf([ipBlock.cidr]), listOf(ipBlock.except ?? [])];
        // A block of IPv6 is not one of the IPv4 addresses that can be written as IPv6.
        const family = ipBlock.cidr.includes(':') ? 'ipv6' : 'ipv4';
        const own = services.filter((service) => service[1] === family);
        none(own.filter((service) => allowed.check(...service) && !refused.check(...service)));
      }
      // Who may connect is another matter.
      none((spec?.ingress ?? []).flatMap(({ from = [] }) => from).filter(({ ipBlock }) => ipBlock?.except));
    }
    expect(given.networkPolicy.egress.every(({ cidr }) => !cidr?.startsWith('169.254.'))).toBe(true);
  });

  holds(
    'lets out DNS, the database and the store, and in whom the environment names',
    ({ objects, environment, given }) => {
      const policies = all(playing(objects, 'server'), 'NetworkPolicy');
      expect(policies).toHaveLength(given.networkPolicy.enabled ? 1 : 0);
      for (const { spec } of policies) {
        const out = (spec?.egress ?? []).flatMap(({ ports = [] }) =>
          ports.map(({ port, protocol }) => `${protocol} ${port}`),
        );
        const { s3 } = environment.artifacts;
        const url = new URL(s3?.endpoint ?? 'https://s3.amazonaws.com');
        const store = url.port || (url.protocol === 'https:' ? 443 : 80);
        const dns = given.networkPolicy.dns.flatMap(({ port }) => [`UDP ${port}`, `TCP ${port}`]);
        expect(out).toEqual(expect.arrayContaining(dns));
        // Any port, where it is a Service.
        for (const port of [given.database.port, ...(s3 ? [store] : [])])
          expect(out.includes(`TCP ${port}`) || out.includes('TCP undefined')).toBe(true);
        none((spec?.egress ?? []).filter(({ to = [] }) => to.length === 0));
        const text = JSON.stringify(spec?.ingress);
        const { namespaces, pods, cidrs } = given.networkPolicy.clients;
        for (const name of [given.namespace.name, ...namespaces, ...cidrs])
          expect(text).toContain(JSON.stringify(name));
        for (const { labels } of pods)
          for (const [key, value] of Object.entries(labels))
            expect(text).toContain(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
        const edges = [environment.ingress, environment.gateway, environment.route].flatMap((edge) => edge?.from ?? []);
        for (const peer of edges) expect(spec?.ingress?.[0]?.from).toContainEqual(JSON.parse(JSON.stringify(peer)));
        for (const { from = [], ports = [] } of spec?.ingress ?? []) {
          expect(from.length).toBeGreaterThan(0);
          const scraped = ports[0]?.port === 5001;
          if (scraped)
            expect([from, given.monitoring.metrics?.scraper.namespace]).toEqual([
              [expect.anything()],
              expect.anything(),
            ]);
          const port = given.auth.oidc ? 4180 : 5000;
          expect(ports).toEqual([{ port: scraped ? 5001 : port, protocol: 'TCP' }]);
        }
        const open = text.includes('0.0.0.0/0');
        const { type, sourceRanges, externalTrafficPolicy, externalIPs } = given.service;
        const filtered = sourceRanges.length > 0 && externalTrafficPolicy === 'Local';
        const isReached = type !== 'ClusterIP' || externalIPs.length > 0;
        const outside = isReached && cidrs.length === 0;
        const written = [
          ...cidrs,
          ...edges.map(({ ipBlock }) => ipBlock?.cidr),
          ...(outside && filtered ? sourceRanges : []),
        ];
        expect(open).toBe((outside && !filtered) || written.includes('0.0.0.0/0'));
      }
    },
  );

  holds('has a claim for whatever is kept, in the file of claims and nowhere else', (environment) => {
    const { objects, files, given } = environment;
    const claims = all(objects, 'PersistentVolumeClaim');
    const copies = given.backup?.destination.claim?.create;
    const { embedded, volume } = given.artifacts;
    const wanted = [given.storage.data, given.database.embedded, embedded, volume?.create, copies].filter(Boolean);
    expect(claims).toHaveLength(wanted.length);
    for (const { name, objects: own } of files) {
      none(own.filter(({ kind }) => (kind === 'PersistentVolumeClaim') !== (name === 'storage')));
    }
    none(walk(objects).filter(({ path }) => path.endsWith('/volumeClaimTemplates')));
    // Each by one component at most: nothing mounts what another writes to, but backups what they copy, and the
    // verification what it only reads.
    const copied = given.backup?.artifacts ? environment.environment.artifacts.volume?.name : undefined;
    const mounted = environment.pods.flatMap(({ spec, labels, containers }) =>
      (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim: claim }) => {
        const component = labels['app.kubernetes.io/component'];
        const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.filter((each) => each.name === name));
        const isRead = component === 'verification' && mounts.every(({ readOnly }) => readOnly);
        return claim && !isRead && !(claim.claimName === copied && component === 'backup')
          ? [`${claim.claimName} ${component}`]
          : [];
      }),
    );
    expect(new Set(mounted.map((each) => each.split(' ')[0])).size).toBe(new Set(mounted).size);
  });

  holds(
    'gives an embedded PostgreSQL more connections than MLflow takes, and the memory for them beside a quarter for all',
    (environment) => {
      for (const { containers } of podsOf(playing(environment.objects, 'database'))) {
        const { command = [], resources } = containers.find(({ name }) => name === 'postgresql') ?? {};
        const settings = Object.fromEntries(
          command.filter((word) => word.startsWith('--')).map((word) => word.split('=')),
        );
        // Three are kept for its superuser.
        const connections = Number(settings['--max_connections']);
        expect(connections).toBeGreaterThan(environment.given.database.maxConnections + 3);
        const [, megabytes] = /^(\d+)MB$/.exec(settings['--shared_buffers']) ?? [];
        const quarter = amount(resources?.limits?.memory) / 4;
        expect(Number(megabytes) * 2 ** 20).toBeLessThanOrEqual(quarter);
        expect((Number(megabytes) + 1) * 2 ** 20).toBeGreaterThan(quarter);
        expect((Number(megabytes) + 2 * connections) * 2 ** 20).toBeLessThanOrEqual(4 * quarter);
      }
    },
  );

  holds('keeps what holds data when it leaves the output', ({ objects }) => {
    for (const { kind, metadata } of objects) {
      if (kind !== 'Namespace' && kind !== 'PersistentVolumeClaim') continue;
      expect(metadata.annotations).toMatchObject({
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      });
    }
  });
});
