import { FULLEST, SHORT_PROGRAMS as PROGRAMS, written } from '../../support/fixtures';
import { container, objectsOf, one, resolution, SMALLEST } from '../../support/support';

test('the server alone mounts the claim, and both containers the programs and certificates', () => {
  const objects = objectsOf(written(FULLEST), PROGRAMS);
  const paths = (name: string) => container(objects, name).volumeMounts?.map(({ mountPath }) => mountPath);
  expect(paths('prepare')).toEqual(['/tmp', '/programs', '/etc/mlflow/database-ca', '/etc/mlflow/s3-ca', '/plugins']);
  expect(paths('server')?.sort()).toEqual(
    [...(paths('prepare') ?? []), '/etc/mlflow/tls', '/run/mlflow-metrics', '/data'].sort(),
  );
  expect(paths('metrics')).toEqual([
    '/programs',
    '/run/mlflow-metrics',
    '/run/mlflow-metrics-login',
    '/etc/mlflow/tls',
  ]);
});

test('a Deployment is given up no sooner than preparing and starting may take', () => {
  const objects = objectsOf(written(FULLEST), PROGRAMS);
  const { startupProbe } = container(objects, 'server');
  const starting = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
  expect(one(objects, 'Deployment').spec?.progressDeadlineSeconds).toBeGreaterThanOrEqual(120 + starting);
});

test('the next pod starts before one ends, except where two must not share a node', () => {
  const rollingUpdate = (antiAffinity: 'preferred' | 'required') =>
    one(objectsOf({ ...SMALLEST, availability: { antiAffinity } }, PROGRAMS), 'Deployment').spec?.strategy
      ?.rollingUpdate;
  expect(rollingUpdate('preferred')).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  // A surplus pod would wait for a node that is not there.
  expect(rollingUpdate('required')).toEqual({ maxSurge: 0, maxUnavailable: 1 });
});

test('an autoscaler measures the CPU, and takes one pod away at a time', () => {
  const autoscaling = { maxReplicas: 2, cpuUtilization: 70, scaleDownStabilizationSeconds: 900 };
  const { spec } = one(objectsOf({ ...SMALLEST, server: { autoscaling } }, PROGRAMS), 'HorizontalPodAutoscaler');
  expect(spec?.metrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  ]);
  expect(spec?.behavior).toEqual({
    scaleDown: { stabilizationWindowSeconds: 900, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
  });
});

test('an autoscaler measures the memory too, only if it is told so', () => {
  const autoscaling = { maxReplicas: 2, memoryUtilization: 75 };
  const { spec } = one(objectsOf({ ...SMALLEST, server: { autoscaling } }, PROGRAMS), 'HorizontalPodAutoscaler');
  expect(spec?.metrics?.map(({ resource }) => [resource?.name, resource?.target.averageUtilization])).toEqual([
    ['cpu', 80],
    ['memory', 75],
  ]);
});

test.each([
  [99, {}, undefined],
  [
    100,
    {},
    /^is 100 % of a memory request of 1536Mi, .* limit of 1536Mi never use more than \(use less than 100, such as 80\)$/,
  ],
  [150, { requests: { memory: '1Gi' } }, /use less than 150, such as 120/],
  [149, { requests: { memory: '1Gi' } }, undefined],
  [200, { requests: { memory: '1Gi' }, limits: { memory: '4Gi' } }, undefined],
])('a target of %d %% of memory with %j is reached, or an issue', (memoryUtilization, resources, said) => {
  const { issues } = resolution({
    ...SMALLEST,
    server: { resources, autoscaling: { maxReplicas: 2, memoryUtilization } },
  });
  const path = ['server', 'autoscaling', 'memoryUtilization'];
  expect(issues).toEqual(said ? [expect.objectContaining({ path, message: expect.stringMatching(said) })] : []);
});

test('a change of the release changes no selector', () => {
  const selectors = (tag: string) => {
    const objects = objectsOf({ ...SMALLEST, image: { repository: 'own/mlflow', tag } }, PROGRAMS);
    return [
      one(objects, 'Deployment').spec?.selector,
      one(objects, 'Service').spec?.selector,
      one(objects, 'NetworkPolicy').spec?.podSelector,
    ];
  };
  expect(selectors('3.18.0')).toEqual(selectors('3.1.0'));
});
