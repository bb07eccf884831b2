import { exposureOf } from '../../../lib/components/image/exposure';
import { variableRisks } from '../../../lib/components/shared/risks/variables';
import { resolved, SMALLEST } from '../../support/support';

/** What decides which vulnerabilities of MLflow can be exploited. */

const JOBS = 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION';

test.each(['true', 'True', '1', ' 1 ', 'yes', 'false', 'False', '0', ' false ', 'off', ''])(
  'jobs that are %j are on for vulnerabilities if, and only if, they are for risks',
  (value) => {
    const { jobs } = exposureOf(resolved({ ...SMALLEST, server: { env: { [JOBS]: value } }, allow: ['weak-server'] }));
    expect(jobs).toBe(variableRisks(JOBS, value).length > 0);
    expect(jobs).toBe(/true|1|yes/i.test(value));
  },
);

test.each([
  ['Deployment', 'remove', '/spec/template/metadata/labels/app.kubernetes.io~1component', true],
  ['Deployment', 'add', '/spec/template/metadata/labels', true],
  ['Deployment', 'add', '/spec/template/metadata/labels/team', false],
  ['Deployment', 'add', '/spec/template/spec/tolerations', false],
  ['NetworkPolicy', 'add', '/metadata/namespace', true],
  ['NetworkPolicy', 'add', '/spec/egress/-', true],
  ['NetworkPolicy', 'add', '/spec/ingress/-', false],
  ['NetworkPolicy', 'add', '/metadata/labels/team', false],
])('a patch of a %s: %s %s lets the server connect to more: %s', (kind, op, path, isOpen) => {
  const environment = resolved({
    database: { embedded: {} },
    artifacts: { embedded: {} },
    patches: [{ kind, name: 'mlflow', operations: [op === 'remove' ? { op, path } : { op: 'add', path, value: {} }] }],
    allow: ['weak-pods', 'open-network'],
  });
  expect(exposureOf(environment).ownStoresOnly).toBe(!isOpen);
});
