import type { NetworkPolicyPeer } from '../../kubernetes/objects';

/** A name of the server outside the cluster, at a proxy that leads to its Service. */
export interface Edge {
  /** The name that people are given. */
  readonly host: string;
  readonly additionalHosts: readonly string[];
  /** How clients speak to the proxy. */
  readonly scheme: 'http' | 'https';
  /** The port that clients name. @default the scheme's own */
  readonly port?: number;
  /** Path of the server: `/`, or the static prefix. */
  readonly path: string;
  /** Where the connections of the proxy come from. */
  readonly from: readonly NetworkPolicyPeer[];
}

/** The sections that lead to the server from outside the cluster. */
export interface EdgeSections {
  readonly ingress?: Edge;
  readonly gateway?: Edge;
  readonly route?: Edge;
}

/** The keys of those sections. */
export const EDGE_KEYS = ['ingress', 'gateway', 'route'] as const;

/** An edge, and the section that it is from. */
export type NamedEdge = Edge & { readonly key: (typeof EDGE_KEYS)[number] };

/** All edges of an environment. */
export const edgesOf = (sections: EdgeSections): NamedEdge[] =>
  EDGE_KEYS.flatMap((key) => {
    const edge = sections[key];
    return edge ? [{ ...edge, key }] : [];
  });
