import { graphOf } from '../../lib/synth/graph/build';
import type { Manifest } from '../../lib/synth/manifest';
import { openPolicies } from '../../lib/synth/risks/policies';
import { podsHaveAPolicy } from '../../lib/synth/rules/network';
import { protocolsRequired } from '../../lib/synth/rules/pods/ports';
import type { Rule } from '../../lib/synth/rules/rule';
import { podSelectorOf } from '../../lib/synth/rules/selectors';
import { objectsOf, resolved, SMALLEST } from '../support/support';

/** NetworkPolicies that are not of Kubernetes: their rules have another form, and nothing can be read from them. */

const OBJECTS = objectsOf(SMALLEST);
const WITHOUT = OBJECTS.filter(({ kind }) => kind !== 'NetworkPolicy');

const policyOf = (apiVersion: string, spec: object): Manifest => ({
  apiVersion,
  kind: 'NetworkPolicy',
  metadata: { name: 'other', namespace: 'mlflow' },
  spec,
});

const FORMS: readonly [form: string, spec: object][] = [
  ['Calico', { selector: 'role == "db"', types: ['Egress'], egress: [{ action: 'Allow', protocol: 'TCP' }] }],
  ['Calico, for ports', { selector: 'all()', egress: [{ action: 'Allow', destination: { ports: [443] } }] }],
  ['Kubernetes', { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{ ports: [{ port: 443 }] }] }],
];
const GROUPS = ['projectcalico.org/v3', 'crd.projectcalico.org/v1', 'crd.antrea.io/v1beta1', 'v1'];
const CASES = GROUPS.flatMap((apiVersion) => FORMS.map(([form, spec]) => [apiVersion, form, spec] as const));

const messages = ({ check }: Rule, objects: readonly Manifest[]) =>
  check(objects, resolved(SMALLEST), objects, { has: () => false, mayCreateMore: () => false } as never).map(
    ({ object, message }) => [object.metadata.name, message],
  );

describe.each(CASES)('a NetworkPolicy of %s in the form of %s', (apiVersion, _, spec) => {
  const policy = policyOf(apiVersion, spec);

  test('changes nothing in the graph', () => {
    for (const objects of [OBJECTS, WITHOUT]) {
      expect(graphOf('any', [...objects, policy], 'cluster.local')).toEqual(graphOf('any', objects, 'cluster.local'));
    }
  });

  test('selects no pods, opens nothing, restricts nothing and lacks no protocol', () => {
    expect(podSelectorOf(policy)).toBeUndefined();
    expect(openPolicies([policy], resolved(SMALLEST))).toEqual([]);
    expect(messages(podsHaveAPolicy, [...WITHOUT, policy])).toEqual(messages(podsHaveAPolicy, WITHOUT));
    expect(messages(podsHaveAPolicy, WITHOUT)).not.toEqual([]);
    expect(messages(protocolsRequired, [...WITHOUT, policy])).toEqual([]);
  });
});
