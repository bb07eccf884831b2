import { all, type Container, container, playing, podsOf, variables } from '../support/support';
import { amount, holds, none } from './sample';

/** What tokens of pods are for: stores, never the API server. */
const AUDIENCES = ['sts.amazonaws.com', 'minio', 'api://AzureADTokenExchange'];

/** The variables with the path of a token, which the kubelet mounts. */
const TOKEN_PATHS = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AZURE_FEDERATED_TOKEN_FILE'];

describe('every pod and container', () => {
  holds('satisfies Pod Security restricted in every field, and more', ({ pods }) => {
    expect(pods.length).toBeGreaterThan(0);
    for (const { spec, containers } of pods) {
      // The names of Kubernetes, which are not all those of cdk8s.
      const shared = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'];
      none(Object.entries(spec).filter(([key, value]) => shared.includes(key) && value));
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec.securityContext?.runAsUser).toBeGreaterThanOrEqual(10_000);
      expect(spec.securityContext?.sysctls).toBeUndefined();
      const kinds = ['name', 'configMap', 'emptyDir', 'projected', 'secret', 'downwardAPI', 'persistentVolumeClaim'];
      none((spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((kind) => !kinds.includes(kind))));
      for (const { securityContext, ports = [] } of containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          capabilities: { drop: ['ALL'] },
        });
        expect(securityContext?.capabilities?.add).toBeUndefined();
        expect(securityContext?.runAsUser).toBeGreaterThanOrEqual(10_000);
        none(ports.filter(({ hostPort }) => hostPort !== undefined));
      }
    }
  });

  holds('has no token of a service account unless it makes Secrets, and no variables of Services', (environment) => {
    for (const { spec, labels } of environment.pods) {
      expect(spec.automountServiceAccountToken).toBe(labels['app.kubernetes.io/component'] === 'secret-generator');
      expect(spec.enableServiceLinks).toBe(false);
      // A token can be mounted by hand, too. One for a store is of no use at the API server.
      const projected = (spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
      const audiences = projected.flatMap(({ serviceAccountToken: token }) => (token ? [token.audience] : []));
      for (const audience of audiences) expect(AUDIENCES).toContain(audience);
    }
    const accounts = all(environment.objects, 'ServiceAccount');
    for (const account of accounts) expect(account.automountServiceAccountToken).toBe(false);
    const { create, name: given } = environment.environment.server.serviceAccount;
    // Each component has an account of its own, so that the rights of one are not those of another; those that use the
    // store of the artifacts without keys have the server's, and those that use that of backups without keys the backup's.
    const { azure, gcs, s3 } = environment.environment.artifacts;
    const identity = azure?.identity ?? gcs?.identity ?? s3?.identity;
    const destination = environment.environment.backup?.destination;
    const ofBackups = destination?.azure?.identity ?? destination?.gcs?.identity ?? destination?.s3?.identity;
    const componentOf = (account: string | undefined, component: string | undefined) => {
      if (identity && account === given) return 'server';
      return ofBackups && component === 'verification' ? 'backup' : component;
    };
    const used = environment.pods.map(({ spec, labels }) => [
      spec.serviceAccountName,
      componentOf(spec.serviceAccountName, labels['app.kubernetes.io/component']),
    ]);
    expect(new Set(used.map(([name]) => name)).size).toBe(new Set(used.map(([, component]) => component)).size);
    const created = used.map(([name]) => name).filter((name) => create || name !== given);
    expect(accounts.map(({ metadata }) => metadata?.name).sort()).toEqual([...new Set(created)].sort());
  });

  holds('asks for CPU, memory and disk, and for no more than its limits', ({ containers }) => {
    for (const { resources } of containers) {
      for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
        const [request, limit] = [amount(resources?.requests?.[name]), amount(resources?.limits?.[name])];
        expect(request).toBeGreaterThan(0);
        expect(limit).toBeGreaterThanOrEqual(request);
      }
    }
  });

  holds('may write to /tmp, and what is on the disk of the node has a size that its limit covers', ({ pods }) => {
    for (const { spec, containers } of pods) {
      const scratch = (spec.volumes ?? []).flatMap(({ emptyDir }) => emptyDir ?? []);
      for (const { sizeLimit } of scratch) expect(amount(sizeLimit)).toBeGreaterThan(0);
      const onDisk = scratch.filter(({ medium }) => medium === undefined).map(({ sizeLimit }) => amount(sizeLimit));
      const needed = onDisk.reduce((sum, size) => sum + size, 0);
      // It writes nothing.
      for (const { name, volumeMounts } of containers)
        if (!['metrics', 'oauth2-proxy'].includes(name))
          expect(volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
      // A node counts what all containers of a pod may use, and those that prepare one by one.
      const disk = ({ resources }: Container) => amount(resources?.limits?.['ephemeral-storage']);
      const together = spec.containers.reduce((sum, each) => sum + disk(each), 0);
      const before = (spec.initContainers ?? []).filter(
        (each) => containers.includes(each) && each.restartPolicy !== 'Always',
      );
      for (const limit of [together, ...before.map(disk)]) expect(limit).toBeGreaterThan(needed);
    }
  });

  holds('of the server has a /tmp as large as the environment says', ({ objects, given }) => {
    const [server] = podsOf(playing(objects, 'server'));
    const volume = server?.spec.volumes?.find(({ name }) => name === 'tmp');
    expect(amount(volume?.emptyDir?.sizeLimit)).toBe(amount(given.server.temporaryStorage));
  });

  holds('that runs Python imports nothing from where it may write', ({ pods }) => {
    for (const { containers } of pods)
      for (const each of containers) {
        if (each.command?.[0] !== 'python') continue;
        if (each.command[1] === '-m') {
          // The working directory comes first.
          const mount = each.volumeMounts?.find(({ mountPath }) => mountPath === each.workingDir);
          expect([each.name, mount?.readOnly]).toEqual([each.name, true]);
        }
        const { HOME, PYTHONNOUSERSITE } = variables(each);
        if (HOME !== undefined) expect([each.name, PYTHONNOUSERSITE]).toEqual([each.name, '1']);
      }
  });

  holds('is of an image that the environment names, pulled as it says', ({ pods, given, environment }) => {
    const named = (image: { repository?: string; tag: string; digest?: string } | undefined, official: string) => {
      if (!image) return undefined;
      const { registry } = given.image;
      const { repository = registry ? `${registry}/${official}` : `docker.io/${official}`, tag, digest } = image;
      return `${repository}:${tag}${digest ? `@${digest}` : ''}`;
    };
    const images: Record<string, string | undefined> = {
      server: environment.image.reference,
      'secret-generator': environment.image.reference,
      'garbage-collection': environment.image.reference,
      'smoke-test': environment.image.reference,
      database: named(given.database.embedded?.image, 'library/postgres'),
      'object-store': named(given.artifacts.embedded?.image, 'versity/versitygw'),
      backup: environment.image.reference,
      verification: environment.image.reference,
    };
    const client = { tag: '17.11-trixie', ...given.backup?.image };
    const ownClient = Object.keys(given.backup?.image ?? {}).length > 0 ? undefined : images.database;
    for (const { spec, labels, containers } of pods) {
      const { pullSecret, pullSecrets = pullSecret ? [pullSecret] : [] } = given.image;
      expect((spec.imagePullSecrets ?? []).map(({ name }) => name)).toEqual(pullSecrets);
      for (const { name, image, imagePullPolicy } of containers) {
        const isClient = name === 'postgresql-client';
        if (name === 'oauth2-proxy') {
          expect(image).toBe(environment.auth.oidc?.image);
          continue;
        }
        expect(image).toBe(
          isClient
            ? (ownClient ?? named(client, 'library/postgres'))
            : images[labels['app.kubernetes.io/component'] ?? ''],
        );
        expect(imagePullPolicy).toBe(given.image.pullPolicy);
      }
    }
  });

  holds('runs where the environment says, and nowhere else', ({ pods, given: { server } }) => {
    const filled = <T extends object>(value: T) => (Object.keys(value).length > 0 ? value : undefined);
    for (const { spec } of pods) {
      expect(spec.nodeSelector).toEqual(filled(server.nodeSelector));
      expect(spec.tolerations).toEqual(filled(server.tolerations));
      expect(spec.priorityClassName).toBe(server.priorityClassName);
    }
  });

  holds('has no secret on its command line or in a plain variable', ({ containers, given }) => {
    for (const { command = [], args = [], env = [], lifecycle } of containers) {
      const words = [...command, ...args, ...(lifecycle?.preStop?.exec?.command ?? [])];
      // How many characters a key of a generated Secret gets is no secret.
      const told = words.filter((word) => !/^--(random=[^=]+=\d+|copy=[^=]+=[^=]+)$/.test(word));
      // A container of Azure is where a user would be in other URLs.
      const plain = told.map((word) => word.replace(/wasbs:\/\/[-a-z0-9]+@/, 'wasbs://'));
      none(plain.filter((word) => /\/\/[^/@]*@|\$\(|password|secret_?key/i.test(word)));
      const own = env.filter(({ name }) => !Object.hasOwn(given.server.env, name));
      const telling = own.filter(
        ({ name, value }) => value !== undefined && /PASSW|SECRET|_KEY$|TOKEN(?!S$)|KEY_ID/i.test(name),
      );
      const paths = telling.filter(({ name }) => TOKEN_PATHS.includes(name));
      for (const { value } of paths) expect(value).toMatch(/^\/var\/run\/secrets\//);
      none(telling.filter((each) => !paths.includes(each) && !/^\$\([A-Z_]+\)$/.test(each.value ?? '')));
    }
  });

  holds('sets each variable once, and expands only what was set before', ({ containers, given }) => {
    for (const { env = [] } of containers) {
      const names = env.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      env.forEach(({ name, value }, index) => {
        if (Object.hasOwn(given.server.env, name)) return;
        const expanded = /^\$\((\w+)\)$/.exec(value ?? '')?.[1];
        if (expanded) expect(names.slice(0, index)).toContain(expanded);
      });
    }
  });

  holds('gets the variables of the environment file as they were written', ({ objects, given }) => {
    const written = Object.entries(given.server.env).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : `${value.secret ?? value.configMap}/${value.key}`,
    ]);
    expect(variables(container(objects, 'server'))).toMatchObject(Object.fromEntries(written));
  });
});
