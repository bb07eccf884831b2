import { App } from 'cdk8s';
import fc from 'fast-check';
import { MlflowChart } from '../../../lib';
import type { Issue } from '../../../lib/input/issue';
import { resolution, SMALLEST } from '../../support/support';
import { composed, IMAGE, podOf, type ServerInput, said } from './pod-of';

/** What users add to the server pods by keys: it arrives as it is written, and is judged as a patch is. */

describe('additions to the server pods', () => {
  const volume = { name: 'plugins', configMap: { name: 'plugins' } };
  const mount = { name: 'plugins', mountPath: '/plugins', readOnly: true };

  test('stand where Kubernetes wants them, init containers before prepare', () => {
    const { spec } = podOf({
      volumes: [volume],
      volumeMounts: [mount],
      initContainers: [
        { name: 'one', image: IMAGE, restartPolicy: 'Always' },
        { name: 'two', image: IMAGE, volumeMounts: [mount] },
      ],
      sidecars: [
        { name: 'proxy', image: IMAGE, env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      ],
    });
    expect(spec.initContainers.map(({ name }) => name)).toEqual(['one', 'two', 'prepare']);
    expect(spec.containers.map(({ name }) => name)).toEqual(['server', 'proxy']);
    expect(spec.volumes).toContainEqual(volume);
    for (const name of ['prepare', 'server']) {
      const own = [...spec.initContainers, ...spec.containers].find((each) => each.name === name);
      expect(own?.volumeMounts).toContainEqual(mount);
    }
    expect(spec.containers[1]).not.toHaveProperty('volumeMounts');
  });

  test('keep every field that is written, and get what a restricted namespace and a quota need', () => {
    const written = {
      name: 'proxy',
      image: IMAGE,
      imagePullPolicy: 'Always',
      ports: [
        { containerPort: 4180, name: 'proxy' },
        { containerPort: 53, protocol: 'UDP' },
      ],
      securityContext: { runAsUser: 20_000, readOnlyRootFilesystem: false },
      resources: { limits: { memory: '32Mi', cpu: 2 }, requests: { 'ephemeral-storage': '1024Mi' } },
      livenessProbe: { tcpSocket: { port: 4180 } },
    };
    const { spec } = podOf({ sidecars: [written] }, { allow: ['weak-pods'] });
    expect(spec.containers[1]).toMatchObject({
      ...written,
      ports: [
        { containerPort: 4180, name: 'proxy', protocol: 'TCP' },
        { containerPort: 53, protocol: 'UDP' },
      ],
      securityContext: {
        runAsUser: 20_000,
        readOnlyRootFilesystem: false,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
      },
      resources: {
        limits: { memory: '32Mi', cpu: '2', 'ephemeral-storage': '1Gi' },
        requests: { memory: '32Mi', cpu: '10m', 'ephemeral-storage': '1Gi' },
      },
    });
  });

  test('never ask for more than they may have, whatever is written', () => {
    const cpu = fc.constantFrom('5m', '100m', 1, '2');
    const memory = fc.constantFrom('1Mi', '64Mi', '1Gi');
    const amounts = fc.record({ cpu, memory }, { requiredKeys: [] });
    fc.assert(
      fc.property(amounts, (given) => {
        for (const name of ['requests', 'limits']) {
          const resources = Object.keys(given).length > 0 ? { [name]: given } : {};
          const { issues } = composed({ sidecars: [{ name: 'a', image: IMAGE, resources }] });
          expect(issues).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each<[string, ServerInput, string, RegExp]>([
    [
      'a misspelt field',
      { sidecars: [{ name: 'a', image: IMAGE, comand: ['x'] }] },
      'server.sidecars[0]',
      /did you mean command/,
    ],
    ['no image', { sidecars: [{ name: 'a' }] }, 'server.sidecars[0]', /no image/],
    ['no name', { initContainers: [{ image: IMAGE }] }, 'server.initContainers[0]', /name/],
    [
      'the name of another',
      { sidecars: [{ name: 'server', image: IMAGE }] },
      'server.sidecars[0]',
      /two containers server/,
    ],
    ['a mount without its volume', { volumeMounts: [mount] }, 'server.volumeMounts[0]', /plugins/],
    [
      'a directory of the node',
      { volumes: [volume, { name: 'h', hostPath: { path: '/etc' } }] },
      'server.volumes[1]',
      /hostPath/,
    ],
    [
      'root, behind others',
      {
        volumes: [volume],
        initContainers: [
          { name: 'a', image: IMAGE },
          { name: 'b', image: IMAGE, securityContext: { runAsNonRoot: false, runAsUser: 0 } },
        ],
      },
      'server.initContainers[1]',
      /container b can run as root/,
    ],
    ['a number as the name of a volume', { volumes: [{ name: 1, emptyDir: {} }] }, 'server.volumes[0]', /string/],
    [
      'a text for resources',
      { sidecars: [{ name: 'a', image: IMAGE, resources: 'x' }] },
      'server.sidecars[0]',
      /resources/,
    ],
  ])('with %s are an issue there', (_, server, path, message) => {
    const { issues } = composed(server, { allow: ['weak-pods'] });
    expect(said(issues as Issue[])).toContain(path);
    expect(issues.map((issue) => issue.message).join('\n')).toMatch(message);
    expect(new Set(said(issues as Issue[]))).toEqual(new Set([path]));
  });

  test.each<[string, ServerInput, string, string]>([
    ['a tag that moves', { sidecars: [{ name: 'a', image: 'busybox:latest' }] }, 'server.sidecars[0]', 'weak-pods'],
    [
      'a writable root',
      { sidecars: [{ name: 'a', image: IMAGE, securityContext: { readOnlyRootFilesystem: false } }] },
      'server.sidecars[0]',
      'weak-pods',
    ],
  ])('with %s are a warning there', (_, server, path, risk) => {
    const { warnings } = composed(server);
    expect(said(warnings)).toEqual([path]);
    expect(warnings[0]?.message).toContain(`add ${risk} to allow`);
    expect(composed(server, { allow: [risk as 'weak-pods'] }).warnings).toEqual([]);
  });

  test('with a password are an issue', () => {
    const sidecar = { name: 'a', image: IMAGE, env: [{ name: 'API_PASSWORD', value: 'hunter2hunter2' }] };
    expect(composed({ sidecars: [sidecar] }).issues).toEqual([
      expect.objectContaining({
        path: ['server', 'sidecars', 0],
        message: expect.stringContaining('add plain-secrets'),
      }),
    ]);
  });

  test('can be changed by patches, in a chart too', () => {
    const server: ServerInput = { sidecars: [{ name: 'a', image: IMAGE }] };
    const operations = [{ op: 'replace' as const, path: '/spec/template/spec/containers/1/image', value: 'b:1.0.0' }];
    const { spec } = podOf(server, { patches: [{ kind: 'Deployment', name: 'mlflow', operations }] });
    expect(spec.containers[1]?.image).toBe('b:1.0.0');
    const chart = new MlflowChart(new App({ outdir: '.' }), 'a', { ...SMALLEST, server });
    expect(JSON.stringify(chart.toJson())).toContain(IMAGE);
  });
});

describe('labels, annotations and the account of the server pods', () => {
  test('do not change the labels by which pods are found', () => {
    const { metadata } = podOf({
      podLabels: { team: 'ml', 'app.kubernetes.io/component': 'other' },
      podAnnotations: { 'example.com/owner': 'ml' },
    });
    expect(metadata.labels).toMatchObject({ team: 'ml', 'app.kubernetes.io/component': 'server' });
    expect(metadata.annotations).toMatchObject({ 'example.com/owner': 'ml' });
  });

  test.each([
    [{}, 'mlflow', 1],
    [{ name: 'tracker' }, 'tracker', 1],
    [{ name: 'tracker', create: false }, 'tracker', 0],
  ])('%j is account %s', (serviceAccount, name, created) => {
    expect(podOf({ serviceAccount }).spec.serviceAccountName).toBe(name);
    const objects = composed({ serviceAccount }).files.flatMap((file) => file.objects);
    expect(objects.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === name)).toHaveLength(
      created,
    );
  });

  test('a secret in an annotation of pods is an issue', () => {
    const { issues } = resolution({
      ...SMALLEST,
      server: { podAnnotations: { 'a.example.com/password': 'hunter2hunter2' } },
    });
    expect(said(issues)).toEqual(['server.podAnnotations."a.example.com/password"']);
  });
});

test('the cause is found among many additions, in time', () => {
  const sidecars = Array.from({ length: 60 }, (_, index) => ({
    name: `s${index}`,
    image: IMAGE,
    ...(index % 2 === 0 ? {} : { securityContext: { privileged: true } }),
  }));
  const begin = Date.now();
  const { issues } = composed({ sidecars });
  // Each state of the objects is made and checked once: it took minutes where each violation had its own.
  expect(Date.now() - begin).toBeLessThan(20_000);
  const odd = sidecars.flatMap((_, index) => (index % 2 === 0 ? [] : [`server.sidecars[${index}]`]));
  expect([...new Set(said(issues as Issue[]))]).toEqual(odd);
});
