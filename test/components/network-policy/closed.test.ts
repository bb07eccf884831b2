import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { networkPolicy } from '../../../lib/components/network-policy/component';
import { podPolicy } from '../../../lib/components/shared/contributions/traffic';
import type { NetworkPolicyPeer, NetworkPolicyPort } from '../../../lib/kubernetes/objects';
import type { Manifest } from '../../../lib/synth/manifest';
import { resolved, SMALLEST } from '../../support/support';

/** To the API server, no peers are all peers: what comes to none must not become a rule. */

const owner = { name: 'mlflow', namespace: 'ml', version: '1', labels: {}, annotations: {} };
type Rules = Parameters<typeof podPolicy>[4];

function specOf(rules: Rules) {
  const chart = new Chart(new App({ outdir: '.' }), 'test');
  podPolicy(chart, owner, 'server', 'mlflow', rules);
  const [policy] = chart.toJson() as Manifest[];
  return policy?.spec as { ingress?: { from?: unknown[] }[]; egress?: { to?: unknown[] }[]; policyTypes: string[] };
}

const peers = fc.array(fc.constant<NetworkPolicyPeer>({ ipBlock: { cidr: '10.0.0.0/8' } }), { maxLength: 2 });
const ports = fc.constantFrom<NetworkPolicyPort[] | undefined>(undefined, [{ protocol: 'TCP' }]);

test('a rule without peers is none, and nothing is allowed if no rule is left', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ to: peers, ports }, { noNullPrototype: true })),
      fc.array(fc.record({ from: peers, ports }, { noNullPrototype: true })),
      (egress, ingress) => {
        const spec = specOf({ egress, ingress });
        expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
        expect(spec.egress?.length ?? 0).toBe(egress.filter(({ to }) => to.length > 0).length);
        expect(spec.ingress?.length ?? 0).toBe(ingress.filter(({ from }) => from.length > 0).length);
        for (const { to } of spec.egress ?? []) expect(to?.length).toBeGreaterThan(0);
        for (const { from } of spec.ingress ?? []) expect(from?.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('a rule that names no peers on purpose stays', () => {
  expect(specOf({ egress: [{ ports: [{ protocol: 'TCP' }] }] }).egress).toEqual([{ ports: [{ protocol: 'TCP' }] }]);
});

test('a destination of the section with neither a namespace nor a block opens nothing', () => {
  const environment = resolved(SMALLEST);
  const networkSection = {
    ...environment.networkPolicy,
    egress: [{ ports: [443] }],
    dns: [{ port: 53 }],
  };
  const targets = networkPolicy.targets({ ...environment, networkPolicy: networkSection });
  expect(specOf({ egress: targets.flatMap(({ egress }) => egress) }).egress ?? []).toEqual([]);
});
