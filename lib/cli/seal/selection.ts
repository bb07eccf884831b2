import { type RequiredKey, sourceOf } from '../../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { nearest } from '../../input/did-you-mean';
import { InputError } from '../../input/input-error';

/** A Secret that the environment needs. */
export type NamedSecret = ResolvedEnvironment['requiredSecrets'][number];

/** One key of one Secret. */
export interface SecretKey {
  readonly secret: NamedSecret;
  readonly key: RequiredKey;
}

/** A value to seal, with every key that has it. */
export interface ValueToSeal {
  /** The key whose rules the value must follow. */
  readonly origin: SecretKey;
  readonly targets: readonly SecretKey[];
  /** Whether only copies are sealed, so that the value must be the one that the origin already has. */
  readonly isCopyOnly: boolean;
}

/** What the command line names. */
export interface Selection {
  readonly secret?: string;
  readonly key?: string;
}

/** `NAMESPACE/NAME`. */
export const idOf = ({ namespace, name }: NamedSecret): string => `${namespace}/${name}`;

/** `NAMESPACE/NAME KEY`, as in messages. */
export const describeKey = ({ secret, key }: SecretKey): string => `${idOf(secret)} ${key.key}`;

const isSealed = ({ provider }: NamedSecret): boolean => provider === 'sealed';

/** Every key of every Secret of an environment that is sealed. */
export const secretKeysOf = ({ requiredSecrets }: Pick<ResolvedEnvironment, 'requiredSecrets'>): SecretKey[] =>
  requiredSecrets.filter(isSealed).flatMap((secret) => secret.keys.map((key) => ({ secret, key })));

/**
 * The values to seal: the named ones, or all that are missing. A value also goes to all its copies, missing or not, so
 * that they never differ from it.
 *
 * @throws InputError when a name is unknown.
 */
export function valuesToSeal(
  environment: Pick<ResolvedEnvironment, 'requiredSecrets' | 'namespace'>,
  selection: Selection,
  isMissing: (target: SecretKey) => boolean,
): ValueToSeal[] {
  const all = secretKeysOf(environment);
  const chosen =
    selection.secret === undefined ? all.filter(isMissing) : namedKeys(all, environment, selection, isMissing);
  const values = new Map<SecretKey, SecretKey[]>();
  for (const target of chosen) {
    const origin = originOf(target, all, environment.namespace.name);
    values.set(origin, [...(values.get(origin) ?? []), target]);
  }
  return [...values].map(([origin, targets]) => {
    const isCopyOnly = !targets.includes(origin);
    const copies = all.filter(
      (other) => other !== origin && originOf(other, all, environment.namespace.name) === origin,
    );
    return { origin, targets: isCopyOnly ? targets : [origin, ...copies], isCopyOnly };
  });
}

/** The key that a key is a copy of; itself if it is no copy. */
function originOf(target: SecretKey, all: readonly SecretKey[], namespace: string): SecretKey {
  const { copies } = target.key;
  if (!copies) return target;
  const origin = all.find(
    ({ secret, key }) => secret.namespace === namespace && secret.name === copies.secret && key.key === copies.key,
  );
  if (!origin)
    throw new Error(`nothing names ${copies.secret} ${copies.key}, which ${describeKey(target)} is a copy of`);
  return origin;
}

/** What you typed is not repeated: it may be a value that should be secret. */
function namedKeys(
  all: readonly SecretKey[],
  { requiredSecrets }: Pick<ResolvedEnvironment, 'requiredSecrets'>,
  { secret: wanted = '', key: wantedKey }: Selection,
  isMissing: (target: SecretKey) => boolean,
): SecretKey[] {
  const found = requiredSecrets.filter((secret) => [secret.name, idOf(secret)].includes(wanted));
  const [secret, second] = found;
  if (!secret) {
    const sealed = requiredSecrets.filter(isSealed);
    const candidates = sealed.flatMap((each) => [each.name, idOf(each)]);
    const hint = hintOf(wanted, candidates, sealed.map(idOf));
    throw new InputError([`SECRET: is not a Secret of this environment (${hint})`]);
  }
  if (second) throw new InputError([`SECRET: is ambiguous: ${found.map(idOf).join(' or ')} (add the namespace)`]);
  if (!isSealed(secret)) {
    const fix = `set secrets.overrides.${sourceOf(secret)}.provider: sealed, or change the value there`;
    throw new InputError([`SECRET: ${idOf(secret)} has the provider ${secret.provider} (${fix})`]);
  }
  const targets = all.filter((target) => target.secret === secret);
  // What is in the database is encrypted with optional keys: another value would make it unreadable.
  if (wantedKey === undefined) return targets.filter((target) => !target.key.optional || isMissing(target));
  const named = targets.filter(({ key }) => key.key === wantedKey);
  if (named.length > 0) return named;
  const keys = secret.keys.map(({ key }) => key);
  throw new InputError([`KEY: is not a key of ${idOf(secret)} (${hintOf(wantedKey, keys, keys)})`]);
}

function hintOf(given: string, candidates: readonly string[], known: readonly string[]): string {
  const meant = nearest(given, candidates);
  return meant ? `did you mean ${meant}?` : `available: ${known.join(', ') || 'none'}`;
}
