import { join } from 'node:path';
import { formatPath } from '../../lib/input/issue';
import schemas from '../../lib/kubernetes/generated/schemas.json';
import { schemaIssues } from '../../lib/kubernetes/schema';
import { CHOICES } from '../../tools/kubernetes/choices';
import { ENUMS } from '../../tools/kubernetes/enums';
import { FORMS } from '../../tools/kubernetes/forms';
import { LIMITS } from '../../tools/kubernetes/limits';
import { REQUIRED } from '../../tools/kubernetes/required';
import { customSchemas } from '../../tools/kubernetes/schemas';
import { EMBEDDED } from '../support/embedded-fixtures';
import { FULLEST, SEALED, SHORT_PROGRAMS, written } from '../support/fixtures';
import { objectsOf } from '../support/support';

const deployment = (pod: object, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'd' }], ...pod } },
    ...spec,
  },
});
const container = (more: object) => deployment({ containers: [{ name: 'c', ...more }] });
const texts = (object: Parameters<typeof schemaIssues>[0]) =>
  schemaIssues(object).map(({ path, message }) => `${formatPath(path)} ${message}`);
const POD = 'spec.template.spec';

test.each<[string, { apiVersion: string; kind: string }]>([
  ['a Deployment', deployment({})],
  [
    'every type',
    deployment({ hostNetwork: true, hostAliases: [{ ip: '1.2.3.4', hostnames: ['a'] }] }, { replicas: 2 }),
  ],
  ['a share and a number', deployment({}, { strategy: { rollingUpdate: { maxSurge: '50%', maxUnavailable: 1 } } })],
  ['a quantity as text and as number', container({ resources: { limits: { cpu: 1, memory: '1Gi' } } })],
  [
    'a port by name and by number',
    container({ livenessProbe: { httpGet: { port: 80 } }, readinessProbe: { tcpSocket: { port: 'http' } } }),
  ],
  ['null', deployment({ hostAliases: null, securityContext: { sysctls: null } })],
  ['keys of maps that are free', deployment({ nodeSelector: { toString: 'a', hostAlias: 'b' } })],
  ['a field of the newest release', container({ restartPolicyRules: [{ action: 'Restart' }] })],
  ['what a cluster writes', { ...deployment({}), status: { replicas: 'x' } } as never],
  ['an unknown kind', { apiVersion: 'example.com/v1', kind: 'Thing', spec: { replicas: '2' } } as never],
  [
    'an empty text beside a source',
    container({ env: [{ name: 'a', value: '', valueFrom: { fieldRef: { fieldPath: 'b' } } }] }),
  ],
])('%s is right', (_, object) => {
  expect(schemaIssues(object)).toEqual([]);
});

test.each<[{ apiVersion: string; kind: string }, string]>([
  [deployment({ hostAlias: [] }), `${POD}.hostAlias is not a field of Kubernetes (did you mean hostAliases?)`],
  [container({ comand: ['a'] }), `${POD}.containers[0].comand is not a field of Kubernetes (did you mean command?)`],
  [
    deployment({ xyzzy: 1 }),
    `${POD}.xyzzy is not a field of Kubernetes (remove it, or compare it with kubectl explain)`,
  ],
  [deployment({}, { replicas: '2' }), 'spec.replicas is a string (use an integer, without quotes)'],
  [deployment({}, { replicas: 1.5 }), 'spec.replicas is a number (use an integer, without quotes)'],
  [deployment({ hostNetwork: 'true' }), `${POD}.hostNetwork is a string (use true or false, without quotes)`],
  [container({ args: ['a', 1] }), `${POD}.containers[0].args[1] is a number (use a string, in quotes)`],
  [container({ args: 'a' }), `${POD}.containers[0].args is a string (use a list)`],
  [container({ resources: [] }), `${POD}.containers[0].resources is a list (use a map)`],
  [
    container({ resources: { limits: { cpu: true } } }),
    `${POD}.containers[0].resources.limits.cpu is a boolean (use a quantity such as 500m or 1Gi)`,
  ],
  [deployment({ restartPolicy: 'Allways' }), `${POD}.restartPolicy is "Allways" (did you mean Always?)`],
  [deployment({ restartPolicy: 'x' }), `${POD}.restartPolicy is "x" (use one of Always, Never, OnFailure)`],
  [deployment({ containers: [{ image: 'a' }] }), `${POD}.containers[0].name is missing (add it)`],
  [deployment({ containers: null }), `${POD}.containers is missing (add it)`],
  [deployment({}, { replicas: -1 }), 'spec.replicas is -1 (must be at least 0)'],
  [
    container({ ports: [{ containerPort: 65_536 }] }),
    `${POD}.containers[0].ports[0].containerPort is 65536 (must be at most 65535)`,
  ],
  [
    container({ livenessProbe: { tcpSocket: { port: 70_000 } } }),
    `${POD}.containers[0].livenessProbe.tcpSocket.port is 70000 (must be at most 65535)`,
  ],
  [container({ args: [null] }), `${POD}.containers[0].args[0] is null (remove the item, or write it)`],
  [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } } as never, 'spec is missing (add it)'],
  [
    container({ env: [{ name: 'a', value: 'b', valueFrom: { fieldRef: { fieldPath: 'c' } } }] }),
    `${POD}.containers[0].env[0] has value and valueFrom (keep one)`,
  ],
  [
    deployment({ volumes: [{ name: 'a', emptyDir: {}, configMap: { name: 'b' } }] }),
    `${POD}.volumes[0] has configMap and emptyDir (keep one)`,
  ],
  [
    container({ readinessProbe: { periodSeconds: 1 } }),
    `${POD}.containers[0].readinessProbe has none of exec, grpc, httpGet, tcpSocket (add one)`,
  ],
  [
    container({ volumeMounts: [{ name: 'a', mountPath: 'a:b' }] }),
    `${POD}.containers[0].volumeMounts[0].mountPath has an invalid format (use a path without a colon)`,
  ],
  [deployment({ hostname: 'a'.repeat(64) }), `${POD}.hostname is too long (at most 63 characters)`],
  [deployment({ toString: 'a' }), expect.stringContaining(`${POD}.toString is not a field of Kubernetes`) as never],
  [{ ...deployment({}), spcc: {} } as never, 'spcc is not a field of Kubernetes (did you mean spec?)'],
  [
    { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a', labels: { b: 1 } } } as never,
    'metadata.labels.b is a number (use a string, in quotes)',
  ],
])('%j is not', (object, issue) => {
  expect(texts(object)).toEqual([issue]);
});

test('a value that may be secret is not repeated', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', stringData: { password: 123456, other: ['hunter2'] } };
  expect(texts(secret).join()).not.toMatch(/123456|hunter2/);
  expect(texts(secret)).toHaveLength(2);
});

describe('the generated schemas', () => {
  const { kinds, definitions } = schemas as unknown as {
    kinds: Record<string, string>;
    definitions: Record<string, { properties?: Record<string, object> }>;
  };

  test('have every definition that they refer to', () => {
    const references = [...JSON.stringify(definitions).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name ?? '');
    expect([...references, ...Object.values(kinds)].filter((name) => !definitions[name])).toEqual([]);
  });

  test('have every kind that environments are rendered to', () => {
    const inputs = [written(FULLEST), written(EMBEDDED), written(SEALED)];
    const rendered = inputs.flatMap((input) => objectsOf({ ...input, patches: [] }, SHORT_PROGRAMS));
    const identities = new Set(rendered.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    expect([...identities].filter((identity) => !kinds[identity])).toEqual([]);
    expect(identities.size).toBeGreaterThan(15);
  });

  test('have the custom resources of crds/', () => {
    for (const [identity, schema] of customSchemas(join(__dirname, '..', '..', 'crds'))) {
      expect(definitions[kinds[identity] ?? '']).toEqual(JSON.parse(JSON.stringify(schema)));
    }
  });

  test('have every rule of the tables', () => {
    const schemaAt = (name: string) => {
      const [, owner = '', field = '', part] = /^(\w+)\.(\w+)(\[\]|\{\})?$/.exec(name) ?? [];
      const schema = definitions[owner]?.properties?.[field] as { items?: object; additionalProperties?: object };
      return part ? schema[part === '[]' ? 'items' : 'additionalProperties'] : schema;
    };
    for (const [name, values] of Object.entries(ENUMS))
      expect([name, schemaAt(name)]).toEqual(including({ enum: values }));
    for (const [name, [minimum, maximum]] of Object.entries(LIMITS))
      expect([name, schemaAt(name)]).toEqual(including({ minimum, ...(maximum === undefined ? {} : { maximum }) }));
    for (const [name, { pattern, form }] of Object.entries(FORMS))
      expect([name, schemaAt(name)]).toEqual(including({ pattern: pattern.source, form }));
    for (const [name, required] of Object.entries(REQUIRED))
      expect([name, definitions[name]]).toEqual(including({ required: expect.arrayContaining([...required]) }));
    for (const [name, choices] of Object.entries(CHOICES))
      expect([name, definitions[name]]).toEqual(including({ choices: choices.map(() => expect.anything()) }));
  });

  const including = (schema: object) => [expect.any(String), expect.objectContaining(schema)];
});

test('forms of Kubernetes take what is valid, and nothing else', () => {
  const accepted = (name: keyof typeof FORMS, ...given: string[]) =>
    given.filter((text) => FORMS[name]?.pattern.test(text));
  const blocks = ['10.0.0.0/8', '0.0.0.0/0', '::/0', 'fd00::/8', '::ffff:10.0.0.1/128', '2001:db8:0:1::/64'];
  const wrong = ['10.0.0.0/99', '10.0.0.0', '10.0.0/8', '256.0.0.0/8', '::/129', 'foo/8', ':/8', ''];
  expect(accepted('IPBlock.cidr', ...blocks, ...wrong)).toEqual(blocks);
  expect(accepted('ServiceSpec.clusterIP', 'None', '', '10.0.0.1', 'fd00::1', 'foo', 'none', '10.0.0.1/8')).toEqual([
    ...['None', '', '10.0.0.1', 'fd00::1'],
  ]);
  expect(accepted('ObjectMeta.finalizers[]', 'a.b/c', 'orphan', 'x', 'A.b/c', 'a/b/c')).toEqual(['a.b/c', 'orphan']);
  expect(accepted('Toleration.key', '', 'a.b/c', 'a', 'a b')).toEqual(['', 'a.b/c', 'a']);
  expect(accepted('PodSpec.hostname', 'a-b', 'A_b')).toEqual(['a-b']);
});
