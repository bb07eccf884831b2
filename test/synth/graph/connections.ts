import type { Graph } from '../../../lib/synth/graph/graph';
import type { Manifest } from '../../../lib/synth/manifest';
import { isRecord, type MadePod } from '../../support/support';

/** Two readings that share nothing: what policies allow, as Kubernetes documents them, and what a graph shows. */

/** A port that is asked about. */
export interface Probe {
  readonly protocol: string;
  readonly port: number;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { protocol?: string; port?: number | string; endPort?: number }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

interface Policy {
  readonly podSelector?: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

type Labels = Readonly<Record<string, string>>;

/** Whether labels are selected; an empty selector selects all. */
function isSelected({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(matchLabels)) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const has = Object.hasOwn(labels, key);
    const isListed = has && values.includes(labels[key] ?? '');
    const met = { In: isListed, NotIn: !isListed, Exists: has, DoesNotExist: !has }[operator];
    if (!met) return false;
  }
  return true;
}

const namespaceOf = (object: Manifest) => object.metadata.namespace ?? 'default';

function labelsOfNamespace(name: string, objects: readonly Manifest[]): Labels {
  const found = objects.find((object) => object.kind === 'Namespace' && object.metadata.name === name);
  return { ...found?.metadata.labels, 'kubernetes.io/metadata.name': name };
}

/** The policies that isolate a pod in a direction. */
const isolating = (pod: MadePod, direction: 'ingress' | 'egress', objects: readonly Manifest[]): Manifest[] =>
  objects.filter((object) => {
    if (
      !object.apiVersion.startsWith('networking.k8s.io/') ||
      object.kind !== 'NetworkPolicy' ||
      namespaceOf(object) !== namespaceOf(pod.owner)
    )
      return false;
    const { podSelector = {}, policyTypes = [], egress } = object.spec as Policy;
    const defaults = egress && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    const types = policyTypes.length > 0 ? policyTypes : defaults;
    return types.map((type) => type.toLowerCase()).includes(direction) && isSelected(podSelector, pod.labels);
  });

/** The rules that apply to a pod in a direction; undefined if it is not isolated. */
export function rulesOf(pod: MadePod, direction: 'ingress' | 'egress', objects: readonly Manifest[]) {
  if (pod.spec.hostNetwork) return undefined;
  const policies = isolating(pod, direction, objects);
  if (policies.length === 0) return undefined;
  return policies.flatMap((policy) =>
    ((policy.spec as Policy)[direction] ?? []).map((rule) => ({
      namespace: namespaceOf(policy),
      peers: (direction === 'ingress' ? rule.from : rule.to) ?? [],
      ports: rule.ports ?? [],
    })),
  );
}

export type AppliedRule = NonNullable<ReturnType<typeof rulesOf>>[number];

const isPeer = (peer: Peer, namespace: string, pod: MadePod, objects: readonly Manifest[]): boolean => {
  if (peer.ipBlock || pod.spec.hostNetwork) return false;
  const own = namespaceOf(pod.owner);
  const inNamespace = peer.namespaceSelector
    ? isSelected(peer.namespaceSelector, labelsOfNamespace(own, objects))
    : own === namespace;
  return inNamespace && isSelected(peer.podSelector ?? {}, pod.labels);
};

/** Whether the ports of a rule have a port, of pods that listen if they are known. */
export const hasPort = ({ ports }: AppliedRule, { protocol, port }: Probe, listening?: MadePod): boolean =>
  ports.length === 0 ||
  ports.some((each) => {
    if ((each.protocol ?? 'TCP') !== protocol) return false;
    if (each.port === undefined) return true;
    if (typeof each.port === 'number') return port >= each.port && port <= (each.endPort ?? each.port);
    return (listening?.containers ?? [])
      .flatMap(({ ports: declared = [] }) => declared)
      .some((one) => one.name === each.port && one.containerPort === port && (one.protocol ?? 'TCP') === protocol);
  });

/** Whether policies let one pod connect to another. */
export function isAllowed(from: MadePod, to: MadePod, probe: Probe, objects: readonly Manifest[]): boolean {
  const lets = (pod: MadePod, direction: 'ingress' | 'egress', other: MadePod) => {
    const rules = rulesOf(pod, direction, objects);
    return (
      rules === undefined ||
      rules.some(
        (rule) =>
          hasPort(rule, probe, to) &&
          (rule.peers.length === 0 || rule.peers.some((peer) => isPeer(peer, rule.namespace, other, objects))),
      )
    );
  };
  return lets(from, 'egress', to) && lets(to, 'ingress', from);
}

/** Labels that a selector selects, as few as it lets. */
function labelsFor({ matchLabels = {}, matchExpressions = [] }: Selector = {}): Labels[] {
  let found: Labels[] = [matchLabels];
  for (const { key, operator, values = [] } of matchExpressions) {
    const given = operator === 'In' ? values : operator === 'Exists' ? [matchLabels[key] ?? 'any-value'] : undefined;
    if (given) found = found.flatMap((labels) => given.map((value) => ({ ...labels, [key]: value })));
  }
  return found.filter((labels) => isSelected({ matchLabels, matchExpressions }, labels));
}

/** Whether a peer admits pods that no pod of the output is like, or addresses: of another namespace or with other labels. */
export function admitsStrangers(peer: Peer, namespace: string, pods: readonly MadePod[], objects: readonly Manifest[]) {
  if (peer.ipBlock) return true;
  const name = 'kubernetes.io/metadata.name';
  const elsewhere = labelsFor(peer.namespaceSelector).map((labels) => labels[name] ?? 'elsewhere-of-all');
  const inOutput = [...new Set(pods.map(({ owner }) => namespaceOf(owner)))].filter((each) =>
    isSelected(peer.namespaceSelector ?? {}, labelsOfNamespace(each, objects)),
  );
  const namespaces = peer.namespaceSelector ? [...elsewhere, ...inOutput] : [namespace];
  return namespaces.some((each) =>
    labelsFor(peer.podSelector).some((labels) => {
      const wanted = Object.entries(labels);
      const like = pods.filter(
        (pod) =>
          wanted.length > 0 &&
          namespaceOf(pod.owner) === each &&
          isPeer(peer, namespace, pod, objects) &&
          wanted.every(([key, value]) => pod.labels[key] === value),
      );
      return like.length === 0;
    }),
  );
}

const known = new WeakMap<Graph, Map<Manifest, string>>();

/** The node of a pod: its own, or that of several objects that are alike. */
export function nodeOf(pod: MadePod, graph: Graph): string {
  const ids = known.get(graph) ?? new Map<Manifest, string>();
  known.set(graph, ids);
  const id = ids.get(pod.owner) ?? findNode(pod, graph);
  ids.set(pod.owner, id);
  return id;
}

function findNode(pod: MadePod, graph: Graph): string {
  const { kind, metadata } = pod.owner;
  const found = graph.nodes.filter(
    (node) =>
      node.kind === 'workload' &&
      node.namespace === namespaceOf(pod.owner) &&
      node.caption.replace(/^\d+ (\w+)s$/, '$1') === kind &&
      [node.title, ...node.lines].includes(metadata.name),
  );
  if (found.length !== 1 || !found[0]) throw new Error(`${kind} ${metadata.name} has ${found.length} nodes`);
  return found[0].id;
}

/** Whether an edge is shown for a port; one that is shown by its name is what the pods that listen call so. */
function shows(graph: Graph, from: string, to: string, { protocol, port }: Probe, listening?: MadePod): boolean {
  const isNamed = (name: string) =>
    (listening?.containers ?? [])
      .flatMap(({ ports = [] }) => ports)
      .some((each) => each.name === name && each.containerPort === port && (each.protocol ?? 'TCP') === protocol);
  return graph.edges
    .filter((edge) => edge.kind === 'connects' && edge.from === from && edge.to === to)
    .flatMap((edge) => edge.ports)
    .some(({ first, last, name, ...each }) => {
      if (each.protocol !== protocol) return false;
      return name === undefined ? first <= port && port <= last : isNamed(name);
    });
}

/** Whether a graph shows that a node may connect to pods: itself, or by a Service in front of them. */
export function isShownTo(graph: Graph, from: string, to: MadePod, probe: Probe, objects: readonly Manifest[]) {
  const target = nodeOf(to, graph);
  if (shows(graph, from, target, probe)) return true;
  return objects.some((service) => {
    if (service.kind !== 'Service') return false;
    const id = `Service ${namespaceOf(service)}/${service.metadata.name}`;
    const leads = graph.edges.some((edge) => edge.kind === 'leads' && edge.from === id && edge.to === target);
    const { ports = [], clusterIP } = service.spec as {
      ports?: { port: number; protocol?: string; targetPort?: number | string }[];
      clusterIP?: string;
    };
    return (
      leads &&
      ports.some(({ port, protocol = 'TCP', targetPort = port }) => {
        const declared = to.containers.flatMap((container) => container.ports ?? []);
        const number = isRecord(targetPort)
          ? undefined
          : typeof targetPort === 'number'
            ? targetPort
            : declared.find(({ name }) => name === targetPort)?.containerPort;
        if (number !== probe.port || protocol !== probe.protocol) return false;
        return shows(graph, from, id, { protocol, port: clusterIP === 'None' ? number : port });
      })
    );
  });
}

/** Whether a graph shows that one pod may connect to another: as such, or because both may with anything. */
export function isShown(graph: Graph, from: MadePod, to: MadePod, probe: Probe, objects: readonly Manifest[]): boolean {
  const one = nodeOf(from, graph);
  if (isShownTo(graph, one, to, probe, objects)) return true;
  const anything = graph.nodes.filter(({ kind }) => kind === 'anything').map(({ id }) => id);
  return (
    anything.some((id) => shows(graph, one, id, probe, to)) &&
    anything.some((id) => isShownTo(graph, id, to, probe, objects))
  );
}

/** Ports that tell rules apart: each that an object names, its neighbours, and one that none names. */
export function probesOf(objects: readonly Manifest[]): Probe[] {
  const numbers = new Set([31_337]);
  const look = (value: unknown, key = ''): void => {
    if (typeof value === 'number' && /port$/i.test(key)) {
      for (const near of [value - 1, value, value + 1]) if (near >= 1 && near <= 65_535) numbers.add(near);
    } else if (typeof value === 'object' && value !== null) {
      for (const [inner, child] of Object.entries(value)) look(child, inner);
    }
  };
  for (const object of objects) look(object.spec);
  return [...numbers].flatMap((port) => ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ protocol, port })));
}
