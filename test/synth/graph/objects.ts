import { graphOf } from '../../../lib/synth/graph/build';
import type { Graph } from '../../../lib/synth/graph/graph';
import type { Manifest } from '../../../lib/synth/manifest';

/** Small objects, and the graph of some. */

export const graph = (objects: readonly Manifest[]): Graph => graphOf('any', objects, 'cluster.local');

export const object = (kind: string, name: string, spec: object, apiVersion = 'apps/v1'): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'one' },
  spec,
});

export const pod = (more: object = {}) => ({
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'main' }], ...more },
});
