import type { Manifest } from '../manifest';
import type { GraphEdge, GraphNode } from './graph';
import { namespaceOf } from './policies';
import type { Workload } from './workloads';

interface ClaimSpec {
  readonly accessModes?: readonly string[];
  readonly storageClassName?: string;
  readonly resources?: { readonly requests?: { readonly storage?: string } };
}

interface Template {
  readonly metadata?: { readonly name?: string };
  readonly spec?: ClaimSpec;
}

/** A claim, with the workload that mounts it if one does. */
interface Claim {
  readonly node: GraphNode;
  readonly workload?: Workload;
}

const CAPTION = 'PersistentVolumeClaim';

/** The volume claims of an output and those that its pods mount, with an edge for each that mounts one. */
export function claimsOf(objects: readonly Manifest[], workloads: readonly Workload[]) {
  const created = objects
    .filter(({ kind }) => kind === CAPTION)
    .map((object): Claim => ({ node: claimNode(namespaceOf(object), object.metadata.name, describe(object.spec)) }));
  const known = new Map(created.map(({ node }) => [node.id, node]));
  const mounted = workloads.flatMap((workload) => mountedBy(workload).map((node): Claim => ({ node, workload })));
  const nodes = new Map([...mounted, ...created].map(({ node }) => [node.id, known.get(node.id) ?? node]));
  const edges = mounted.flatMap(({ node, workload }): GraphEdge[] =>
    workload ? [{ from: workload.id, to: node.id, kind: 'mounts', ports: [] }] : [],
  );
  const once = new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge]));
  return { nodes: [...nodes.values()], edges: [...once.values()] };
}

function mountedBy({ pod: { object, spec } }: Workload): GraphNode[] {
  const namespace = namespaceOf(object);
  const { volumeClaimTemplates = [] } = (object.spec ?? {}) as { volumeClaimTemplates?: readonly Template[] };
  return [
    ...(spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
      if (persistentVolumeClaim) return claimNode(namespace, persistentVolumeClaim.claimName, ['not in the output']);
      const template = ephemeral?.volumeClaimTemplate as Template | undefined;
      return template ? claimNode(namespace, `POD-${name}`, ['as long as its pod', ...describe(template.spec)]) : [];
    }),
    ...volumeClaimTemplates.map((template) =>
      claimNode(namespace, `${template.metadata?.name}-${object.metadata.name}`, [
        'one for each pod',
        ...describe(template.spec),
      ]),
    ),
  ];
}

const claimNode = (namespace: string, name: string, lines: readonly string[]): GraphNode => ({
  id: `${CAPTION} ${namespace}/${name}`,
  kind: 'claim',
  namespace,
  caption: CAPTION,
  title: name,
  lines,
});

function describe(spec: unknown): string[] {
  const { accessModes = [], storageClassName, resources } = (spec ?? {}) as ClaimSpec;
  const size = resources?.requests?.storage;
  return [[size, ...accessModes].filter((each) => each !== undefined).join(', '), storageClassName ?? ''].filter(
    (line) => line !== '',
  );
}
