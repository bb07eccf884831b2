import { secretMadeBy } from '../../lib/synth/rules/secret-sources';
import { all, container, isRecord, playing, selects, variables, walk } from '../support/support';
import { holds, none, secretsOf } from './sample';

describe('selectors and references', () => {
  holds('meet exactly the pods of their own component', ({ objects, pods }) => {
    for (const object of objects) {
      for (const { path, value } of walk(object).filter(({ path }) => /(elector)$/.test(path))) {
        if (/\/(nodeSelector|namespaceSelector)$/.test(path) || /\/(from|to)\//.test(path) || !isRecord(value))
          continue;
        // A backup is put beside the server, whose volume it reads.
        const isBeside = path.includes('/podAffinity/');
        const wanted = isBeside ? 'server' : object.metadata.labels?.['app.kubernetes.io/component'];
        const met = pods.filter(({ labels }) => selects(value, labels));
        expect([...new Set(met.map(({ labels }) => labels['app.kubernetes.io/component']))]).toEqual([wanted]);
        // A pod of another component, or of another instance beside it, is not met.
        for (const label of ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name']) {
          expect(selects(value, { ...met[0]?.labels, [label]: 'other' })).toBe(false);
        }
      }
    }
  });

  holds('of the Service and of the probes lead to a port of the server', ({ objects, given }) => {
    const server = container(objects, 'server');
    const ports = (server.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]);
    const { startupProbe, readinessProbe, livenessProbe } = server;
    const probes = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet ?? probe?.tcpSocket);
    expect(server.command).toContain('--port=5000');
    if (given.auth.oidc) {
      const targets = all(playing(objects, 'server'), 'Service')[0]?.spec?.ports?.map(({ targetPort }) => targetPort);
      expect(targets).toEqual([4180]);
      expect(ports).toEqual([]);
      none(probes.filter((probe) => probe && probe.port !== 4180));
      return;
    }
    const named = [
      ...(all(playing(objects, 'server'), 'Service')[0]?.spec?.ports ?? []).map(({ targetPort }) => targetPort),
      ...probes.map((p) => p?.port),
    ];
    expect(named).toHaveLength(4);
    none(named.filter((port) => !ports.includes(port)));
    expect(ports).toContain(5000);
  });

  holds('find what they name, or the environment names it', ({ objects, pods, given }) => {
    const declared = new Set(walk([given, secretsOf(given)]).map(({ value }) => value));
    const copies = given.backup?.destination.claim;
    const { volume } = given.artifacts;
    const made = (kind: string, name: string | undefined) =>
      objects.some((object) => object.kind === kind && object.metadata.name === name) ||
      (kind === 'Secret' && objects.some((object) => secretMadeBy(object)?.name === name));
    for (const { spec, containers, owner } of pods) {
      const volumes = spec.volumes ?? [];
      const { create, name = given.name } = given.server.serviceAccount;
      const isTheirs = !create && spec.serviceAccountName === name;
      if (!isTheirs) expect(made('ServiceAccount', spec.serviceAccountName)).toBe(true);
      none(
        containers.flatMap(({ volumeMounts = [] }) =>
          volumeMounts.filter(({ name }) => !volumes.some((v) => v.name === name)),
        ),
      );
      none(volumes.filter(({ name }) => !containers.some((c) => c.volumeMounts?.some((mount) => mount.name === name))));
      for (const { path, value } of walk(owner)) {
        if (!isRecord(value)) continue;
        const kind = {
          secretKeyRef: 'Secret',
          secretRef: 'Secret',
          secret: 'Secret',
          configMapRef: 'ConfigMap',
          configMap: 'ConfigMap',
        }[path.split('/').at(-1) ?? ''];
        const name = value.secretName ?? value.name;
        if (kind && !made(kind, String(name))) expect(declared).toContain(name);
        // One that is there already, if the environment says so.
        const isCopies = value.claimName === copies?.name && copies?.create === false;
        const isFiles = value.claimName === volume?.name && volume?.create === false;
        if (path.endsWith('/persistentVolumeClaim') && !isCopies && !isFiles)
          expect(made('PersistentVolumeClaim', String(value.claimName))).toBe(true);
        // The state of a sealed Secret is a key that synth adds.
        const isState = String(value.key).startsWith('SEALED_');
        if (path.endsWith('/secretKeyRef') && !isState) expect(declared).toContain(value.key);
      }
    }
  });

  holds('read certificates from where they are mounted', ({ objects, given }) => {
    for (const name of ['server', 'prepare']) {
      const { volumeMounts = [], ...rest } = container(objects, name);
      const { PGSSLROOTCERT, AWS_CA_BUNDLE, PGSSLMODE } = variables(rest);
      const { ca, mode } = given.database.tls;
      const isOfImage = mode === 'verify-full' && ca === undefined;
      expect(PGSSLROOTCERT !== undefined).toBe(ca !== undefined || isOfImage);
      expect(AWS_CA_BUNDLE !== undefined).toBe(!given.artifacts.volume && given.artifacts.s3.tls.ca !== undefined);
      if (PGSSLMODE?.startsWith('verify')) expect(PGSSLROOTCERT).toBeDefined();
      for (const file of [isOfImage ? undefined : PGSSLROOTCERT, AWS_CA_BUNDLE]) {
        if (file)
          expect(volumeMounts.some(({ mountPath, readOnly }) => readOnly && file.startsWith(`${mountPath}/`))).toBe(
            true,
          );
      }
    }
  });
});
