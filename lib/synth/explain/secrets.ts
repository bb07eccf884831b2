import { ISSUER_ANNOTATIONS } from '../../components/exposure/certificates';
import { type External, storeOf } from '../../components/secrets/external/references';
import { isGenerated } from '../../components/secrets/generated/generated';
import type { RequiredKey, RequiredSecret, SecretReader } from '../../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { formatPath } from '../../input/issue';
import type { NamedEnvironment } from '../environments';
import type { Manifest, OutputFile } from '../manifest';
import { certificatesOf } from '../rules/backends';
import { referencesIn } from '../rules/named-references';
import { secretMadeBy } from '../rules/secret-sources';
import { podsOf } from '../rules/workloads';
import { SEALED_SECRETS_FILE } from '../sealed-secrets';
import type { AppliedSecret } from '../user-objects/user-object';
import { aligned } from './aligned';
import { explainNeeds } from './must-exist';
import { remoteValues } from './remote-values';

/** What the program does with a value. */
const READERS: Readonly<Record<SecretReader, string>> = {
  'database-username': 'user of PostgreSQL',
  'database-password': 'password of PostgreSQL',
  's3-access-key-id': 'access key ID of S3',
  's3-secret-access-key': 'secret access key of S3',
  'google-key-file': 'key file of a service account of Google Cloud',
  'azure-account-key': 'account key of Azure Blob Storage',
  'azure-sas': 'SAS of Azure Blob Storage',
  'mlflow-username': 'user of MLflow',
  'mlflow-password': 'password of MLflow',
  'flask-secret-key': 'key that signs sessions',
  'webhook-encryption-key': 'key that encrypts secrets of webhooks',
  'gateway-passphrase': 'passphrase that encrypts API keys of the AI gateway',
  'oidc-client-secret': 'secret of the client at the OpenID provider',
  'cookie-secret': 'key that encrypts sessions of single sign-on',
  'proxy-password': 'password by which the server knows its proxy',
  'registry-credentials': 'logins of registries, as kubectl create secret docker-registry writes them',
};

/**
 * Every Secret that an environment needs: its keys, what each is for and whether it is optional, where its value is in an
 * external store, and what creates it. Below, what else the output names and does not create.
 *
 * @param files the output of the environment, whose pods and Ingresses may read further Secrets
 */
export function explainSecrets(
  { name, environment, sopsSecrets = [] }: Explained,
  files: readonly OutputFile[],
): string[] {
  const { requiredSecrets, secrets } = environment;
  const makers = new Map([
    ...sopsSecrets.map((secret) => [`${secret.namespace}/${secret.name}`, bySops(secret)] as const),
    ...makersIn(files),
  ]);
  const others = otherSecrets(environment, files);
  const remote = remoteValues(files);
  const whereIs = (secret: string, key: string) => remote.get(secret)?.get(key) ?? 'not read from the store';
  const providers = [...new Set(requiredSecrets.map(({ provider }) => provider))];
  const count = requiredSecrets.length + others.length;
  return [
    `# ${name}: ${count === 0 ? 'no Secrets' : count === 1 ? '1 Secret' : `${count} Secrets`}, ${providers.length > 1 ? `providers ${providers.join(', ')}` : `provider ${providers[0] ?? secrets.provider}`}`,
    ...requiredSecrets.flatMap((secret) => [
      `${idOf(secret)} (${secret.type}): ${creatorOf(secret, environment, makers)}`,
      ...aligned(
        secret.keys.map((key) => [
          ...[key.key, settingOf(key)],
          ...(remote.has(idOf(secret)) ? [whereIs(idOf(secret), key.key)] : []),
          purposeOf(key, environment),
        ]),
      ),
    ]),
    ...others.flatMap(({ secret, keys }) => [
      `${secret}: ${makers.get(secret) ?? 'you create it, or another tool, whatever the provider'}`,
      ...aligned([...keys].map(([key, reader]) => [key, reader, remote.get(secret)?.get(key) ?? ''])),
    ]),
    ...explainNeeds(
      name,
      files.flatMap(({ objects }) => objects),
    ),
  ];
}

/** What is explained of an environment. */
type Explained = Pick<NamedEnvironment, 'name' | 'environment'> & Partial<Pick<NamedEnvironment, 'sopsSecrets'>>;

const bySops = ({ file }: AppliedSecret) => `you apply it, or Flux does, decrypted from ${file}`;

/** What a login of another purpose than MLflow's is for. */
const OF_SCRAPER: Partial<Record<SecretReader, string>> = {
  'mlflow-username': 'user of the scraper of the metrics, of any name',
  'mlflow-password': 'password of the scraper of the metrics',
};

function purposeOf({ reader, optional, copies, purpose }: RequiredKey, { namespace }: ResolvedEnvironment): string {
  const need = optional ? `optional${optional.without ? `: without it, ${optional.without}` : ''}` : 'required';
  const copy = copies ? [`the value of ${namespace.name}/${copies.secret} ${copies.key}`] : [];
  const use = (purpose === 'metrics' ? OF_SCRAPER[reader] : undefined) ?? READERS[reader];
  return [use, ...copy, need].join(', ');
}

/** The setting that names a key, or its Secret where only that has one. */
const settingOf = ({ section, keyName }: RequiredKey): string => formatPath([...section, keyName]);

const nameOfStore = ({ kind, name }: External['store']) => `${kind} ${name}`;

const idOf = ({ namespace, name }: RequiredSecret) => `${namespace}/${name}`;

/** What creates a Secret. */
function creatorOf(
  secret: RequiredSecret,
  environment: ResolvedEnvironment,
  makers: ReadonlyMap<string, string>,
): string {
  const { external } = environment.secrets;
  const own = makers.get(idOf(secret));
  switch (secret.provider) {
    case 'sealed':
      return `the Sealed Secrets controller creates it, from ${SEALED_SECRETS_FILE}`;
    case 'external':
      return `the External Secrets operator creates it${external ? `, from ${nameOfStore(storeOf(external, secret))}` : ''}`;
    case 'generated':
      if (isGenerated(secret, environment)) return 'a Job creates it if it is missing';
      return own ?? 'you create it: its values are known elsewhere';
    default:
      return own ?? 'you create it, or another tool';
  }
}

/** The objects of the output from which a controller creates a Secret, by its name with the namespace. */
const makersIn = (files: readonly OutputFile[]): ReadonlyMap<string, string> =>
  new Map(
    files.flatMap(({ objects }) =>
      objects.flatMap((object) => {
        const { kind, metadata } = object;
        const made = secretMadeBy(object);
        const issued = Object.entries(ISSUER_ANNOTATIONS).flatMap(([issuerKind, annotation]) => {
          const issuer = metadata.annotations?.[annotation];
          const text = `cert-manager creates it, from ${issuerKind} ${issuer}`;
          return issuer ? certificatesOf(object).map((secret) => [secret, text] as const) : [];
        });
        const all = [...issued, ...(made ? [[made.name, `${kind} ${metadata.name} creates it`] as const] : [])];
        return all.map(([secret, text]) => [`${metadata.namespace}/${secret}`, text] as const);
      }),
    ),
  );

interface OtherSecret {
  /** With its namespace. */
  readonly secret: string;
  /** What reads each key; `*` is all keys. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Secrets of pods, Ingresses and Routes whose values the environment does not know. */
function otherSecrets({ requiredSecrets }: ResolvedEnvironment, files: readonly OutputFile[]): OtherSecret[] {
  const objects = files.flatMap((file) => file.objects);
  const found = new Map<string, Map<string, string>>();
  const add = ({ metadata: { namespace } }: Manifest, secret: string, key: string, reader: string) => {
    // A rule lets no pod read another key of these.
    if (requiredSecrets.some((each) => each.namespace === namespace && each.name === secret)) return;
    const id = `${namespace}/${secret}`;
    found.set(id, (found.get(id) ?? new Map<string, string>()).set(key, reader));
  };
  for (const { object, spec } of podsOf(objects)) {
    for (const { kind, name, key } of referencesIn(spec)) {
      if (kind === 'Secret') add(object, name, key ?? '*', key ? 'read by pods' : 'read by pods as a whole');
    }
  }
  for (const object of objects) {
    for (const secret of certificatesOf(object)) {
      add(object, secret, 'tls.crt', `certificate of ${object.kind} ${object.metadata.name}`);
      add(object, secret, 'tls.key', 'its private key');
    }
  }
  return [...found].map(([secret, keys]) => ({ secret, keys }));
}
