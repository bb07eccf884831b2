import { graphOf } from '../../../lib/synth/graph/build';
import type { Graph } from '../../../lib/synth/graph/graph';
import type { Manifest } from '../../../lib/synth/manifest';

/** A graph of workloads that each have a client and a destination of their own. */
export const many = (count: number): Graph =>
  graphOf(
    'many',
    Array.from({ length: count }, (_, index): Manifest[] => {
      const app = `w${index}`;
      const metadata = { name: app, namespace: 'one' };
      const template = { metadata: { labels: { app } }, spec: { containers: [{ name: 'main' }] } };
      const from = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': `client-${index}` } } }];
      const to = [{ ipBlock: { cidr: `10.0.0.${index}/32` } }];
      const spec = {
        ...{ podSelector: { matchLabels: { app } }, policyTypes: ['Ingress', 'Egress'] },
        ...{ ingress: [{ from, ports: [{ port: 80 }] }], egress: [{ to, ports: [{ port: 5000 + index }] }] },
      };
      return [
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } },
        { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec },
      ];
    }).flat(),
    'cluster.local',
  );
