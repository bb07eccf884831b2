import { anyQuantityValue } from '../../../lib/kubernetes/quantity';
import { isResourceOf, RESOURCE_NAMES } from '../../../lib/kubernetes/resource-names';
import { validQuotas } from '../../../lib/synth/rules/objects/quotas';
import { NONE_ADDED } from '../../../lib/synth/user-objects/user-object';
import { resolved, SMALLEST } from '../../support/support';

/** ResourceQuotas and LimitRanges, checked as the API server checks them. */

const environment = resolved(SMALLEST);
const violations = (kind: string, spec: object) => {
  const object = { apiVersion: 'v1', kind, metadata: { name: 'team', namespace: 'mlflow' }, spec };
  return validQuotas.check([object], environment, [object], NONE_ADDED).map(({ message }) => message);
};
const quota = (hard: object) => violations('ResourceQuota', { hard });
const range = (...limits: object[]) => violations('LimitRange', { limits });

describe('a ResourceQuota', () => {
  test.each([
    ...['cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.storage'],
    ...['requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'pods', 'services'],
    ...['resourcequotas', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims'],
    ...['services.nodeports', 'services.loadbalancers', 'hugepages-2Mi', 'requests.hugepages-1Gi'],
    ...['count/pods', 'count/deployments.apps', 'count/widgets.example.com', 'requests.nvidia.com/gpu'],
    ...['gold.storageclass.storage.k8s.io/requests.storage', 'gold.storageclass.storage.k8s.io/persistentvolumeclaims'],
    ...['example.com/dongle', 'kubernetes.io/x'],
  ])('may have %s', (name) => expect(quota({ [name]: '4' })).toEqual([]));

  test.each([
    ['request.cpu', 'did you mean requests.cpu?'],
    ['requests.cpus', 'did you mean requests.cpu?'],
    ['limit.memory', 'did you mean limits.memory?'],
    ['CPU', 'did you mean cpu?'],
    ['pod', 'did you mean pods?'],
    ['storage', 'did you mean requests.storage?'],
    ['deployments.apps', 'use count/deployments.apps'],
    ['jobs.batch', 'use count/jobs.batch'],
    ['widgets.example.com', 'use count/widgets.example.com'],
    ['ingresses.networking.k8s.io', 'use count/ingresses.networking.k8s.io'],
    // What is limited or requested, in the other order, and other ways to write a name.
    ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) =>
      ['requests', 'limits', 'request', 'limit'].map((of): [string, string] => [
        `${name}.${of}`,
        `did you mean ${of.replace(/s?$/, 's')}.${name}?`,
      ]),
    ),
    ['storage.requests', 'did you mean requests.storage?'],
    ['nodeports.services', 'did you mean services.nodeports?'],
    ['loadbalancers.services', 'did you mean services.loadbalancers?'],
    ['service.loadbalancers', 'did you mean services.loadbalancers?'],
    ['services.nodeport', 'did you mean services.nodeports?'],
    ['ingresses', 'count/RESOURCE.GROUP'],
    ['limits.storage', 'use one such as requests.cpu'],
    ['count/a/b', ''],
    ['-x', ''],
    ['UPPER.com/x y', ''],
    ['', ''],
    [`${'a'.repeat(254)}/x`, ''],
  ])('may not have %s', (name, hint) => {
    const found = quota({ [name]: '4' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/ is not a resource of a quota \(.+\)$/);
    expect(found[0]).toContain(hint);
  });

  test.each([
    ...['4', '0', '0.5', '500m', '10Gi', '1.5Gi', '1e3', '1E3', '+5', '5.', '.5', '1n', '2u', '3E', '1k'].map(
      (text) => [text, true],
    ),
    ...[
      '4 cores',
      '',
      ' ',
      '4cores',
      '-1',
      '1ki',
      '1KI',
      '1gb',
      '1GB',
      'four',
      '1,5',
      '1e',
      '0x10',
      '1.2.3',
      '--1',
      'Gi',
      '1 Gi',
    ].map((text) => [text, false]),
  ] as const)('of %j of CPU is accepted: %s', (text, isAccepted) => {
    expect(quota({ 'requests.cpu': text }).length).toBe(isAccepted ? 0 : 1);
  });

  test.each([
    ['pods', '1.5'],
    ['count/secrets', '500m'],
    ['services.nodeports', '0.1'],
    ['example.com/dongle', '1500m'],
    ['gold.storageclass.storage.k8s.io/requests.storage', '100m'],
  ])('counts whole %s: %s is none', (name, text) => {
    expect(quota({ [name]: text })).toEqual([expect.stringMatching(/ is not whole \(use a whole number\)$/)]);
    expect(quota({ [name]: '2' })).toEqual([]);
    expect(quota({ [name]: '2k' })).toEqual([]);
  });

  test('without hard, and with numbers as YAML has them', () => {
    expect(violations('ResourceQuota', {})).toEqual([]);
    expect(quota({ cpu: 4, pods: 10, 'limits.cpu': 0.5 })).toEqual([]);
    expect(quota({ pods: 0.5, cpu: -1 })).toHaveLength(2);
  });
});

describe('a LimitRange', () => {
  test.each([
    [{ type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '500m' }, min: { cpu: '1m' } }],
    [{ type: 'Container', max: { 'nvidia.com/gpu': 1, 'hugepages-2Mi': '4Mi', 'ephemeral-storage': '1Gi' } }],
    [{ type: 'Pod', max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '2' } }],
    [{ type: 'PersistentVolumeClaim', max: { storage: '10Gi' } }],
    [{ type: 'example.com/Widget', max: { storage: '10Gi', cpu: 1 } }],
  ])('is accepted: %j', (item) => expect(range(item)).toEqual([]));

  test.each([
    [
      { type: 'Container', max: { 'requests.cpu': '1' } },
      /max.*requests\.cpu.* is not a resource of a container \(did you mean cpu\?\)/,
    ],
    [{ type: 'Pod', min: { storage: '1Gi' } }, / is not a resource of a pod \(/],
    [{ type: 'Container', max: { 'requests.nvidia.com/gpu': 1 } }, / is not a resource of a container \(/],
    [
      { type: 'PersistentVolumeClaim', max: { storge: '1Gi', storage: '1Gi' } },
      / is not a resource \(did you mean storage\?\)/,
    ],
    [
      { type: 'PersistentVolumeClaim', default: { storage: '1Gi' } },
      /neither min\.storage nor max\.storage \(set one\)/,
    ],
    [
      { type: 'container', max: { cpu: 1 } },
      /type is container, which is no type of limits \(did you mean Container\?\)/,
    ],
    [{ type: 'Node', max: { cpu: 1 } }, /no type of limits \(use Container, Pod or PersistentVolumeClaim/],
    [
      { type: 'Container', default: { cpu: '1 core' } },
      /default\.cpu is not a quantity \(write one such as 500m or 1Gi\)/,
    ],
    [
      { type: 'Pod', default: { cpu: '1' } },
      /default is set, but limits of pods have no defaults \(use type Container\)/,
    ],
    [{ type: 'Pod', defaultRequest: { cpu: '1' } }, /defaultRequest is set, but/],
    [{ type: 'Container', min: { cpu: 2 }, max: { cpu: 1 } }, /min\.cpu is 2, more than max\.cpu, which is 1 \(/],
    [
      { type: 'Container', default: { memory: '2Gi' }, max: { memory: '1Gi' } },
      /default\.memory is 2Gi, more than max\.memory, which is 1Gi \(/,
    ],
    [{ type: 'Container', default: { cpu: '1m' }, min: { cpu: '1' } }, /min\.cpu is 1, more than default\.cpu/],
    [
      { type: 'Container', defaultRequest: { cpu: 2 }, default: { cpu: 1 } },
      /defaultRequest\.cpu is 2, more than default\.cpu/,
    ],
    [
      { type: 'Container', defaultRequest: { cpu: 2 }, max: { cpu: 1 } },
      /defaultRequest\.cpu is 2, more than max\.cpu/,
    ],
    [
      { type: 'Container', defaultRequest: { cpu: '1m' }, min: { cpu: 1 } },
      /min\.cpu is 1, more than defaultRequest\.cpu/,
    ],
    [{ type: 'Container', maxLimitRequestRatio: { cpu: '0.5' } }, /maxLimitRequestRatio\.cpu is 0\.5, less than 1 \(/],
    [
      { type: 'Pod', min: { cpu: 1 }, max: { cpu: 2 }, maxLimitRequestRatio: { cpu: 3 } },
      /maxLimitRequestRatio\.cpu is 3, more than max\.cpu divided by min\.cpu \(/,
    ],
    [
      { type: 'Container', default: { 'nvidia.com/gpu': 2 }, defaultRequest: { 'nvidia.com/gpu': 1 } },
      /must be the same \(/,
    ],
  ])('is refused: %j', (item, message) => expect(range(item)).toEqual([expect.stringMatching(message)]));

  test('has each type once', () => {
    const item = { type: 'Pod', max: { cpu: 1 } };
    expect(range(item, item)).toEqual([expect.stringMatching(/^spec\.limits\[1\]\.type is Pod, as another one \(/)]);
  });
});

test('other kinds and groups are none of these', () => {
  const object = {
    apiVersion: 'example.com/v1',
    kind: 'ResourceQuota',
    metadata: { name: 'a' },
    spec: { hard: { x: 'y' } },
  };
  expect(validQuotas.check([object], environment, [object], NONE_ADDED)).toEqual([]);
});

test('every standard name is one of a quota, and quantities are numbers', () => {
  for (const name of RESOURCE_NAMES.quota) expect(isResourceOf('quota', name)).toBe(true);
  expect([anyQuantityValue('1Ki'), anyQuantityValue('1e-3'), anyQuantityValue('500m'), anyQuantityValue('2E')]).toEqual(
    [1024, 0.001, 0.5, 2e18],
  );
});
