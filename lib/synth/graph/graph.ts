import type { PortRange } from './ports';

/** In every picture, by which it is recognized. */
export const MARKER = 'Drawn by cdk8s-mlflow graph';

/** What a node of the picture is. */
export type NodeKind =
  | 'workload'
  | 'service'
  /** An Ingress, a Gateway, an HTTPRoute or a Route. */
  | 'route'
  | 'claim'
  /** What a policy admits. */
  | 'clients'
  /** What a policy lets pods connect to. */
  | 'destination'
  /** Everything, inside and outside the cluster. */
  | 'anything';

/** A box of the picture. */
export interface GraphNode {
  /** The same for the same objects. */
  readonly id: string;
  readonly kind: NodeKind;
  /** The namespace that it is in, if it is an object of the output. */
  readonly namespace?: string;
  /** What it is, as in `Deployment`. */
  readonly caption: string;
  readonly title: string;
  /** The ports at which it is reached, if all of its edges have the same. */
  readonly ports?: readonly PortRange[];
  /** More about it. */
  readonly lines: readonly string[];
}

/** What an edge means: a connection that is allowed, where a route or a Service leads, or a volume that pods mount. */
export type EdgeKind = 'connects' | 'leads' | 'mounts';

/** An arrow of the picture. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** On which ports: at a Service those of the Service, elsewhere those of the pods. None for a volume. */
  readonly ports: readonly PortRange[];
  /** Whether no policy restricts it. */
  readonly isOpen?: boolean;
}

/** What an environment deploys, and what may connect to what. */
export interface Graph {
  /** The name of the environment. */
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
