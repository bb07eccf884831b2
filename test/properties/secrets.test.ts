import { providerOf } from '../../lib/components/secrets/provider';
import { sampleSize } from '../support/sample-size';
import { all, type Container, loginsAsFiles, playing, podsOf } from '../support/support';
import { holds, none, sample, secretsOf, type Valid } from './sample';

describe('generated Secrets', () => {
  /** The keys that a Job puts into the Secret that it makes, read from its command line. */
  const madeBy = ({ command = [] }: Container): string[] => {
    const [, , , secret, ...words] = command;
    const keys = words.flatMap((word) => /^--(?:text|random|fernet)=([^=]+)/.exec(word)?.[1] ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    return keys.map((key) => `${secret}/${key}`);
  };
  const made = ({ objects }: Valid) =>
    podsOf(playing(objects, 'secret-generator')).flatMap(({ containers }) => containers.flatMap(madeBy));

  /** The keys that the environment says somebody else makes. */
  const external = ({ given }: Valid) => {
    const { database, artifacts, auth, secrets, backup, monitoring } = given;
    const scraper = monitoring.metrics?.credentials;
    const copies = backup?.destination.s3?.credentials;
    const [db, s3, names] = [database.credentials, artifacts.s3.credentials, secretsOf(given)];
    const isGenerated = (name: string) => providerOf(secrets, name) === 'generated';
    return [
      ...(copies ? [copies.accessKeyIdKey, copies.secretAccessKeyKey].map((key) => `${names.copies}/${key}`) : []),
      ...(isGenerated(names.database) && database.embedded
        ? []
        : [db.usernameKey, db.passwordKey].map((key) => `${names.database}/${key}`)),
      ...((isGenerated(names.store) && artifacts.embedded) || artifacts.volume
        ? []
        : [s3.accessKeyIdKey, s3.secretAccessKeyKey].map((key) => `${names.store}/${key}`)),
      ...[names.blobs, names.blobCopies].flatMap((login) => (login ? [`${login.secret}/${login.key}`] : [])),
      ...(isGenerated(names.login)
        ? []
        : [
            ...[auth.usernameKey, auth.passwordKey, auth.flaskSecretKeyKey],
            ...[auth.webhookEncryptionKeyKey, auth.gatewayPassphraseKey],
          ].map((key) => `${names.login}/${key}`)),
      ...auth.users.flatMap((user, index) => {
        const name = names.users[index] ?? '';
        return isGenerated(name) ? [] : [user.usernameKey, user.passwordKey].map((key) => `${name}/${key}`);
      }),
      ...(auth.oidc ? [`${names.client}/${auth.oidc.clientSecretKey}`] : []),
      ...(isGenerated(names.proxy) || !auth.oidc
        ? []
        : [auth.oidc.cookieSecretKey, auth.oidc.proxyPasswordKey].map((key) => `${names.proxy}/${key}`)),
      ...(isGenerated(names.scraper) || !scraper
        ? []
        : [scraper.usernameKey, scraper.passwordKey].map((key) => `${names.scraper}/${key}`)),
    ];
  };

  holds('are exactly what pods need and no external system creates', (environment) => {
    const asVariables = environment.containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => {
        const { name, key } = valueFrom?.secretKeyRef ?? {};
        return key && !key.startsWith('SEALED_') && !['huggingface', 'app-client', 'app-login'].includes(name ?? '')
          ? [`${name}/${key}`]
          : [];
      }),
    );
    const needed = [...asVariables, ...environment.pods.flatMap(({ spec }) => loginsAsFiles(spec))];
    const others = external(environment);
    const wanted = new Set(needed.filter((key) => !others.includes(key)));
    expect(made(environment).toSorted()).toEqual([...wanted].toSorted());
  });

  holds('are created with no more permissions than required', ({ objects, given }) => {
    const jobs = all(objects, 'Job').map(({ metadata }) => metadata?.name);
    const commands = podsOf(playing(objects, 'secret-generator')).flatMap(({ containers }) =>
      containers.map(({ command = [] }) => command),
    );
    const secrets = commands.map((command) => command[3]);
    // A Secret of an older release gets keys that it lacks.
    const extended = commands.filter((command) => command.some((word) => word.startsWith('--fernet=')));
    const patched = extended.map((command) => command[3]);
    // A Secret that is not there yet cannot be named.
    const create = { apiGroups: [''], resources: ['secrets'], verbs: ['create'] };
    const rules = [
      create,
      { apiGroups: [''], resources: ['secrets'], resourceNames: secrets, verbs: ['get'] },
      ...(patched.length > 0
        ? [{ apiGroups: [''], resources: ['secrets'], resourceNames: patched, verbs: ['patch'] }]
        : []),
      { apiGroups: ['batch'], resources: ['jobs'], resourceNames: jobs, verbs: ['patch'] },
    ];
    const isOwn = ({ metadata }: { metadata?: { namespace?: string } }) => metadata?.namespace === given.namespace.name;
    const roles = all(objects, 'Role');
    expect(roles.filter(isOwn).map((role) => role.rules)).toEqual(jobs.length > 0 ? [rules] : []);
    for (const { metadata, rules: there } of roles.filter((role) => !isOwn(role))) {
      const { secret } = given.clients.find(({ namespace }) => namespace === metadata?.namespace) ?? {};
      const copies = [secret ?? `${given.name}-client`];
      expect(there).toEqual([
        create,
        { apiGroups: [''], resources: ['secrets'], resourceNames: copies, verbs: ['get', 'patch'] },
      ]);
    }
    const [account] = roles.filter(isOwn);
    expect(all(objects, 'RoleBinding').map(({ roleRef, subjects }) => [roleRef.name, subjects])).toEqual(
      roles.map(({ metadata }) => [
        metadata?.name,
        [{ kind: 'ServiceAccount', name: account?.metadata?.name, namespace: given.namespace.name }],
      ]),
    );
    none(objects.filter(({ kind }) => /^Cluster(Role|RoleBinding)$/.test(kind)));
    // One Secret, one Job: two would race for it.
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('are created by a Job of another name exactly when anything in the Job changes', () => {
    // A Job cannot be changed; and one that is the same need not run again.
    const jobs = sample.valid.flatMap(({ objects }) =>
      all(objects, 'Job').map(({ metadata, spec }) => ({
        name: metadata?.name ?? '',
        start: metadata?.name?.replace(/-[0-9a-f]{8}$/, '') ?? '',
        spec: JSON.stringify(spec?.template),
      })),
    );
    expect(jobs.length).toBeGreaterThan(sampleSize(20, 200));
    none(jobs.filter(({ name, start }) => name === start));
    for (const start of new Set(jobs.map((job) => job.start))) {
      const alike = jobs.filter((job) => job.start === start);
      const different = (key: (job: (typeof jobs)[number]) => string) => new Set(alike.map(key)).size;
      const pairs = different(({ name, spec }) => `${name} ${spec}`);
      expect([different(({ name }) => name), different(({ spec }) => spec)]).toEqual([pairs, pairs]);
    }
  });
});
