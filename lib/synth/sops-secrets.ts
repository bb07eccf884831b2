import { isGenerated } from '../components/secrets/generated/generated';
import { type RequiredSecret, sourceOf } from '../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { isRecord } from '../input/is-record';
import { formatIssues, type Issue } from '../input/issue';
import { readObjects } from './user-objects/read';
import type { AppliedSecret, UserObject } from './user-objects/user-object';

/**
 * The folder of Secrets that SOPS encrypted, within an environment's folder. They are checked, and not written to the
 * output: SOPS signs each file as a whole, so only the file itself can be decrypted.
 */
export const SOPS_FOLDER = 'sops';

/** The Secrets of the folder, and what is wrong with it, as formatted lines. */
export interface SopsReading {
  readonly secrets: readonly AppliedSecret[];
  readonly issues: readonly string[];
}

/** What an environment says of its Secrets. */
type Known = Pick<ResolvedEnvironment, 'namespace' | 'requiredSecrets' | 'generatedSecrets'>;

/**
 * Reads and checks the Secrets of the folder. Values are not decrypted: a wrong one is only found by the pod that reads
 * it.
 *
 * @param folder the folder of the environment
 * @param known the environment as far as it is known, for its namespace
 * @param environment the environment, if it has no issue of its own
 */
export function readSopsSecrets(
  folder: string,
  known: Pick<ResolvedEnvironment, 'namespace'> | undefined,
  environment: Known | undefined,
): SopsReading {
  const { objects, issues: unreadable } = readObjects(folder, SOPS_FOLDER);
  const found = new Map<string, AppliedSecret>();
  const issues = objects.flatMap((object) => {
    const wrong = secretIssues(object.manifest, known?.namespace.name ?? 'NAMESPACE');
    if (wrong.length > 0) return located(object, wrong);
    const secret = object.manifest as EncryptedSecret;
    const { namespace, name } = secret.metadata;
    const id = `${namespace}/${name}`;
    const first = found.get(id);
    if (first) return located(object, [{ path: NAME, message: `is ${id}, as in ${first.file} (keep one)` }]);
    found.set(id, { namespace, name, file: placeOf(object)?.at.file ?? SOPS_FOLDER });
    return environment ? located(object, placeIssues(secret, environment)) : [];
  });
  return { secrets: [...found.values()], issues: [...unreadable, ...issues] };
}

const NAME: Issue['path'] = ['metadata', 'name'];
const NAMESPACE: Issue['path'] = ['metadata', 'namespace'];

/** A Secret of which SOPS encrypted the values. */
interface EncryptedSecret {
  readonly type?: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

const placeOf = ({ at }: UserObject) => at?.([]);

const located = ({ at }: UserObject, issues: readonly Issue[]): string[] =>
  issues.flatMap((issue) => (at ? formatIssues([{ ...issue, ...at(issue.path) }]) : []));

/** How SOPS writes a value. */
const ENCRYPTED = /^ENC\[AES256_GCM,data:[^,]*,iv:[^,]+,tag:[^,]+,type:\w+\]$/;

const isEncrypted = (value: unknown): boolean => typeof value === 'string' && ENCRYPTED.test(value);

const ONLY_VALUES = "encrypt only the values: --encrypted-regex '^(data|stringData)$'";

/** What is wrong with an object by itself. What SOPS did not encrypt is in git. */
function secretIssues(manifest: unknown, namespace: string): Issue[] {
  if (!isRecord(manifest)) return [{ path: [], message: 'is not an object (write a Secret, and encrypt it)' }];
  const { kind, metadata = {}, sops } = manifest;
  const names = isRecord(metadata) ? metadata : {};
  const plain = ['data', 'stringData'].flatMap((field) =>
    Object.entries(isRecord(manifest[field]) ? manifest[field] : {})
      // SOPS leaves an empty text as it is.
      .filter(([, value]) => value !== '' && !isEncrypted(value))
      .map(([key]): Issue => ({ path: [field, key], message: PLAIN })),
  );
  const clear = [
    { path: ['kind'], value: kind },
    ...(['name', 'namespace'] as const).map((field) => ({ path: ['metadata', field], value: names[field] })),
  ];
  // One mistake, however many fields it has encrypted.
  const hidden = clear.find(({ value }) => isEncrypted(value));
  if (hidden) return [{ path: hidden.path, message: `is encrypted (${ONLY_VALUES})` }];
  if (kind !== 'Secret') return [{ path: ['kind'], message: 'is not Secret (put other objects into objects/)' }];
  return [
    ...plain,
    ...(isRecord(sops) && typeof sops.mac === 'string' ? [] : [{ path: [], message: UNENCRYPTED }]),
    ...(['name', 'namespace'] as const)
      .filter((field) => typeof names[field] !== 'string')
      .map((field): Issue => {
        const example = field === 'namespace' ? `set it to ${namespace}` : 'set it to the name of the Secret';
        return { path: ['metadata', field], message: `is missing (${example})` };
      }),
  ];
}

const PLAIN = 'is plain text (change the value, because git contains it, and encrypt the file with sops)';
const UNENCRYPTED = 'is not encrypted (run sops encrypt --in-place on the file)';

/** What is wrong with a Secret if the environment names it. */
function placeIssues(secret: EncryptedSecret, environment: Known): Issue[] {
  const { namespace, name } = secret.metadata;
  const named = environment.requiredSecrets.filter((each) => each.name === name);
  const required = named.find((each) => each.namespace === namespace);
  if (required) return requirementIssues(secret, required, environment);
  const meant = named.map((each) => each.namespace).join(' or ');
  return meant
    ? [{ path: NAMESPACE, message: `is ${namespace}, where nothing reads ${name} (use ${meant}, with sops edit)` }]
    : [];
}

/** What of a Secret that the environment names is missing, or comes from elsewhere. */
function requirementIssues(
  { type = 'Opaque', data, stringData }: EncryptedSecret,
  required: RequiredSecret,
  environment: Known,
): Issue[] {
  const { name, provider, keys } = required;
  const isYours = provider === 'existing' || (provider === 'generated' && !isGenerated(required, environment));
  if (!isYours) {
    const fix = `remove it, or set secrets.overrides.${sourceOf(required)}.provider: existing`;
    return [{ path: NAME, message: `is ${name}, a Secret with the provider ${provider} (${fix})` }];
  }
  const given = Object.keys({ ...data, ...stringData });
  const missing = keys.filter(({ key, optional }) => !optional && !given.includes(key)).map(({ key }) => key);
  return [
    ...(missing.length > 0
      ? [{ path: NAME, message: `is ${name}, which lacks ${missing.join(', ')} (add it with sops edit)` }]
      : []),
    // The API server takes a registry's login from this type alone.
    ...(required.type !== 'Opaque' && type !== required.type
      ? [{ path: ['type'], message: `is ${type}, but Secret ${name} must be of type ${required.type} (change it)` }]
      : []),
  ];
}
