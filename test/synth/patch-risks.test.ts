import { RISKS } from '../../lib/components/shared/risks/risk';
import type { PatchInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath } from '../../lib/input/issue';
import { composeEnvironment } from '../../lib/synth/compose';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { resolved, SMALLEST } from '../support/support';
import { add, deployment, of, patch, pod, RISKY, replace, server } from './patch-risks.cases';
import { REACHING } from './reach-risks.cases';

/** What patches open: checked in the finished objects, so that any way to write the patch is seen. */

/** What an environment with patches opens. */
function opened(patches: readonly PatchInput[], more: EnvironmentInput = {}) {
  const { issues, warnings } = composeEnvironment(
    resolved({ ...SMALLEST, ...more, patches: [...patches] }),
    SHORT_PROGRAMS,
  );
  const lines = (all: typeof issues) => all.map(({ path, message }) => `${formatPath(path)}: ${message}`);
  return { issue: lines(issues), warning: lines(warnings) };
}

const cases = [...RISKY, ...REACHING].map(([title, given, risk, more = {}]) => ({ title, given, risk, more }));

describe.each(cases)('$title', ({ given, risk, more }) => {
  const { level } = RISKS[risk];

  test(`is reported at its patch, as ${risk}`, () => {
    const said = opened([of('mlflow', patch('ServiceAccount', add('/metadata/labels/a', 'b'))), given], more);
    expect(said[level]).toEqual([
      expect.stringMatching(new RegExp(`^patches\\[1\\]: .* \\(.*, or add ${risk} to allow\\)$`)),
    ]);
    expect(said.issue.concat(said.warning).join()).not.toContain('hunter2');
  });

  test('is accepted when allow names the risk', () => {
    expect(opened([given], { ...more, allow: [risk] })[level]).toEqual([]);
  });
});

test('what keys open is not reported again at a patch of the same object', () => {
  const input: EnvironmentInput = {
    server: { options: { 'disable-security-middleware': true }, env: { PYTHONPATH: '/data' } },
    service: { type: 'LoadBalancer', loadBalancerIP: '192.168.1.9' },
    allow: ['foreign-code'],
  };
  const harmless = [
    deployment(replace('/spec/revisionHistoryLimit', 3)),
    patch('Service', add('/spec/sessionAffinity', 'ClientIP')),
    patch('NetworkPolicy', add('/spec/egress/0', { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })),
    patch('NetworkPolicy', add('/spec/egress/0', { to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] })),
    patch('NetworkPolicy', add('/spec/ingress/0/from/-', { podSelector: {} })),
    patch('Namespace', add('/metadata/labels/pod-security.kubernetes.io~1warn', 'restricted')),
  ];
  expect(opened(harmless, input)).toEqual({ issue: [], warning: [] });
});

test('what a patch sets to null is read as absent, whatever it is', () => {
  const paths = ['/metadata/annotations', '/metadata/labels', `${pod}/volumes`, `${server}/env`, `${server}/command`];
  const further = ['/spec/template/metadata/annotations', `${pod}/initContainers`, `${server}/envFrom`];
  for (const path of [...paths, ...further]) {
    for (const value of [null, { a: null }]) {
      expect(() => opened([deployment(add(path, value))])).not.toThrow();
    }
  }
});

test('an invalid block in a policy is an issue of a rule, whatever it would open', () => {
  for (const ipBlock of [
    { cidr: 'a:b/3' },
    { cidr: '10.0.0.0/99' },
    { cidr: '10.0.0.0/8', except: ['x'] },
    { cidr: '' },
  ]) {
    const { issue } = opened([patch('NetworkPolicy', add('/spec/egress/-', { to: [{ ipBlock }] }))]);
    expect([ipBlock, issue]).toEqual([ipBlock, [expect.stringContaining('[rule ')]]);
  }
});
