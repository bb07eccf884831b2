import { isIP } from 'node:net';
import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Component, type Instance, objectMetadata, selectorLabels } from '../../kubernetes/metadata';
import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type NetworkPolicySpec,
} from '../../kubernetes/objects';
import { type Backup, backupName } from '../backup/resolve';
import { DATABASE_PORT, METRICS_PORT, OBJECT_STORE_PORT, SERVER_PORT } from '../shared/constants';
import { databaseName, objectStoreName } from '../shared/embedded';
import { garbageCollectionName, smokeTestName } from '../shared/jobs';

/** What the policy is derived from. */
export interface NetworkPolicyProps {
  readonly instance: Instance;
  readonly networkPolicy: ResolvedEnvironment['networkPolicy'];
  readonly service: ResolvedEnvironment['service'];
  readonly database: ResolvedEnvironment['database'];
  readonly artifacts: ResolvedEnvironment['artifacts'];
  readonly clients: ResolvedEnvironment['clients'];
  readonly garbageCollection: ResolvedEnvironment['garbageCollection'];
  readonly smokeTest: ResolvedEnvironment['smokeTest'];
  readonly backup: ResolvedEnvironment['backup'];
  readonly monitoring: ResolvedEnvironment['monitoring'];
}

/**
 * Ports of API servers, as a policy sees them: behind the Service, not at it. Only ports tell one apart, since no policy
 * can name what is neither a pod nor at a known address. 6443 kubeadm, kind and k3s, 8443 minikube, 16443 MicroK8s, 443
 * most managed clusters.
 */
const API_SERVER_PORTS = [443, 6443, 8443, 16443];

const ANYWHERE: readonly NetworkPolicyPeer[] = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];

/**
 * A policy for each component that has pods. The server: clients in; DNS, the database and S3 out. An embedded store:
 * the server and the Jobs that use it in, nothing out. Jobs: nothing in; out what they use: the garbage collection all
 * that the server does, and the server, backups the database, S3 and the store of the copies, the smoke test the server. That of the
 * generator of Secrets stands with it, since it comes and goes with the provider.
 */
export class NetworkPolicy extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPolicyProps) {
    super(scope, id);
    const { instance, database, artifacts, garbageCollection, smokeTest, backup } = props;
    const server = podPeer(instance, 'server');
    const users = [
      server,
      ...(backup ? [podPeer(instance, 'backup')] : []),
      ...(garbageCollection ? [podPeer(instance, 'garbage-collection')] : []),
    ];
    const policy = (name: string, component: Component, rules: Pick<NetworkPolicySpec, 'ingress' | 'egress'>) =>
      componentPolicy(this, instance, component, name, rules);

    policy(instance.name, 'server', { ingress: ingress(props), egress: egress(props) });
    if (database.embedded) {
      policy(databaseName(instance.name), 'database', { ingress: [{ from: users, ports: [tcp(DATABASE_PORT)] }] });
    }
    if (artifacts.embedded) {
      const rule = { from: users, ports: [tcp(OBJECT_STORE_PORT)] };
      policy(objectStoreName(instance.name), 'object-store', { ingress: [rule] });
    }
    const toServer = { to: [server], ports: [tcp(SERVER_PORT)] };
    if (garbageCollection) {
      const name = garbageCollectionName(instance.name);
      policy(name, 'garbage-collection', { egress: [...egress(props), toServer] });
    }
    if (smokeTest.enabled) {
      const store = artifacts.access === 'direct' ? [artifactRule(props)] : [];
      const rules = [dns(), ...store, ...further(props), toServer];
      policy(smokeTestName(instance.name), 'smoke-test', { egress: rules });
    }
    if (backup) policy(backupName(instance.name), 'backup', { egress: backupEgress(props, backup) });
  }
}

/** The one policy of a component's pods: what it does not let through is refused, in both directions. */
export function componentPolicy(
  scope: Construct,
  instance: Instance,
  component: Component,
  name: string,
  rules: Pick<NetworkPolicySpec, 'ingress' | 'egress'>,
): KubeNetworkPolicy {
  return new KubeNetworkPolicy(scope, `${name}-NetworkPolicy`, {
    metadata: objectMetadata(instance, component, name),
    spec: { podSelector: podSelector(instance, component), policyTypes: ['Ingress', 'Egress'], ...rules },
  });
}

/** Lets out to the API server alone. */
export const apiServerEgress = (): NetworkPolicyEgressRule[] => [{ ports: API_SERVER_PORTS.map(tcp) }];

function podSelector(instance: Instance, component: Component) {
  const { 'app.kubernetes.io/instance': name, ...others } = selectorLabels(instance, component);
  return {
    // One label here and the rest as expressions: a common checker takes no policy with more for the pod's own.
    matchLabels: { 'app.kubernetes.io/instance': name ?? instance.name },
    matchExpressions: Object.entries(others).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
  };
}

/** The pods of a component. */
const podPeer = (instance: Instance, component: Component): NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorLabels(instance, component) },
});

function ingress({ instance, networkPolicy, service, ...props }: NetworkPolicyProps): NetworkPolicyIngressRule[] {
  const { namespaces, pods, cidrs } = networkPolicy.clients;
  const own = namespacePeer(instance.namespace);
  const admitted = new Set([...namespaces, ...props.clients.map(({ namespace }) => namespace)]);
  const clients = [
    own,
    ...[...admitted].filter((name) => name !== instance.namespace).map(namespacePeer),
    ...pods.map(({ namespace, labels }) => ({
      ...namespacePeer(namespace ?? instance.namespace),
      podSelector: { matchLabels: { ...labels } },
    })),
    ...outside(cidrs, service),
  ];
  return [{ from: clients, ports: [tcp(SERVER_PORT)] }, ...scraping(props.monitoring)];
}

/** Who scrapes the metrics, and nothing else: some pods of a namespace, or all of it. */
function scraping({ metrics }: NetworkPolicyProps['monitoring']): NetworkPolicyIngressRule[] {
  if (!metrics) return [];
  const { namespace, labels } = metrics.scraper;
  const podSelector = Object.keys(labels).length > 0 ? { matchLabels: { ...labels } } : undefined;
  return [{ from: [{ ...namespacePeer(namespace), podSelector }], ports: [tcp(METRICS_PORT)] }];
}

/**
 * Clients outside the cluster: those named, or else whoever the Service is open to. Its source ranges are no help
 * unless the client's address is kept: with the policy Cluster the pod sees a node's, and the load balancer filters.
 */
function outside(cidrs: readonly string[], service: NetworkPolicyProps['service']): NetworkPolicyPeer[] {
  if (cidrs.length > 0) return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  if (service.type === 'ClusterIP') return [];
  const keepsAddress = service.externalTrafficPolicy === 'Local';
  const blocks = keepsAddress ? service.sourceRanges : [];
  return blocks.length > 0 ? blocks.map((cidr) => ({ ipBlock: { cidr } })) : [...ANYWHERE];
}

function egress(props: NetworkPolicyProps): NetworkPolicyEgressRule[] {
  return [dns(), databaseRule(props), artifactRule(props), ...further(props)];
}

/** What the environment names beside. */
function further({ networkPolicy }: NetworkPolicyProps): NetworkPolicyEgressRule[] {
  return networkPolicy.egress.map(({ namespace, cidr, ports }) => ({
    to: [namespace ? namespacePeer(namespace) : { ipBlock: { cidr: cidr ?? '' } }],
    ports: ports.length > 0 ? ports.map(tcp) : undefined,
  }));
}

function backupEgress(props: NetworkPolicyProps, { artifacts, destination }: Backup): NetworkPolicyEgressRule[] {
  return [
    dns(),
    databaseRule(props),
    ...(artifacts ? [artifactRule(props)] : []),
    ...(destination.s3 ? [storeRule(destination.s3.endpoint, props.instance)] : []),
  ];
}

/** The cluster's DNS, and the address where node-local caches listen. */
const dns = (): NetworkPolicyEgressRule => ({
  to: [namespacePeer('kube-system'), { ipBlock: { cidr: '169.254.20.10/32' } }],
  ports: [tcp(53), { port: IntOrString.fromNumber(53), protocol: 'UDP' }],
});

const databaseRule = ({ database, instance }: NetworkPolicyProps): NetworkPolicyEgressRule => ({
  to: database.embedded ? [podPeer(instance, 'database')] : peersOf(database.host, instance),
  ports: [tcp(database.port)],
});

const artifactRule = ({ artifacts, instance }: NetworkPolicyProps): NetworkPolicyEgressRule =>
  artifacts.embedded
    ? { to: [podPeer(instance, 'object-store')], ports: [tcp(OBJECT_STORE_PORT)] }
    : storeRule(artifacts.s3.endpoint, instance);

function storeRule(endpoint: string | undefined, instance: Instance): NetworkPolicyEgressRule {
  const store = new URL(endpoint ?? 'https://s3.amazonaws.com');
  return {
    to: peersOf(store.hostname.replace(/^\[|\]$/g, ''), instance),
    ports: [tcp(Number(store.port) || (store.protocol === 'https:' ? 443 : 80))],
  };
}

/**
 * Who stands behind a host name, as far as a policy can say it: an address is itself, a name of a Service is its
 * namespace's pods, any other name may be anywhere. `minio.minio` may be a Service or a machine of a home network, so it
 * is both; the longer `minio.minio.svc` narrows it down.
 */
function peersOf(host: string, instance: Instance): NetworkPolicyPeer[] {
  const version = isIP(host);
  if (version) return [{ ipBlock: { cidr: `${host}/${version === 4 ? 32 : 128}` } }];
  const [name, namespace, ...rest] = host.replace(/\.$/, '').split('.');
  const service = namespace && /^(svc|svc\.cluster\.local)$/.test(rest.join('.'));
  if (name && !namespace) return [namespacePeer(instance.namespace)];
  if (service) return [namespacePeer(namespace)];
  return namespace && rest.length === 0 ? [namespacePeer(namespace), ...ANYWHERE] : [...ANYWHERE];
}

const namespacePeer = (name: string): NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

const tcp = (port: number): NetworkPolicyPort => ({ port: IntOrString.fromNumber(port), protocol: 'TCP' });
