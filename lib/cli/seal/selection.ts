import type { RequiredKey } from '../../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { nearest } from '../../input/did-you-mean';
import { InputError } from '../../input/input-error';

/** A Secret that the environment names. */
export type NamedSecret = ResolvedEnvironment['requiredSecrets'][number];

/** One key of one Secret. */
export interface Place {
  readonly secret: NamedSecret;
  readonly key: RequiredKey;
}

/** A value that is to be sealed, once for each place that it goes to. */
export interface WantedValue {
  /** Where the value belongs: what it must be follows from this key. */
  readonly origin: Place;
  readonly places: readonly Place[];
  /** Whether only copies are sealed, so that the value must be what the origin has already. */
  readonly isCopyAlone: boolean;
}

/** What the command line names. */
export interface Selection {
  readonly secret?: string;
  readonly key?: string;
}

/** `NAMESPACE/NAME`. */
export const idOf = ({ namespace, name }: NamedSecret): string => `${namespace}/${name}`;

/** A place as it is called in messages. */
export const placeText = ({ secret, key }: Place): string => `${idOf(secret)} ${key.key}`;

/** Every key of every Secret of an environment. */
export const placesOf = ({ requiredSecrets }: Pick<ResolvedEnvironment, 'requiredSecrets'>): Place[] =>
  requiredSecrets.flatMap((secret) => secret.keys.map((key) => ({ secret, key })));

/**
 * The values to seal: those that are named, or else all that are missing. A value goes to all its copies, whatever is there,
 * so that these never differ from it.
 *
 * @throws InputError when a name is not known.
 */
export function wantedValues(
  environment: Pick<ResolvedEnvironment, 'requiredSecrets' | 'namespace'>,
  selection: Selection,
  isMissing: (place: Place) => boolean,
): WantedValue[] {
  const all = placesOf(environment);
  const chosen = selection.secret === undefined ? all.filter(isMissing) : namedPlaces(all, environment, selection);
  const values = new Map<Place, Place[]>();
  for (const place of chosen) {
    const origin = originOf(place, all, environment.namespace.name);
    values.set(origin, [...(values.get(origin) ?? []), place]);
  }
  return [...values].map(([origin, places]) => {
    const isCopyAlone = !places.includes(origin);
    const copies = all.filter(
      (other) => other !== origin && originOf(other, all, environment.namespace.name) === origin,
    );
    return { origin, places: isCopyAlone ? places : [origin, ...copies], isCopyAlone };
  });
}

/** The place that a copy is made of; its own where it is none. */
function originOf(place: Place, all: readonly Place[], namespace: string): Place {
  const { copies } = place.key;
  if (!copies) return place;
  const origin = all.find(
    ({ secret, key }) => secret.namespace === namespace && secret.name === copies.secret && key.key === copies.key,
  );
  if (!origin) throw new Error(`nothing names ${copies.secret} ${copies.key}, which ${placeText(place)} is a copy of`);
  return origin;
}

/** What was typed is not repeated: it may be a value that was meant to be secret. */
function namedPlaces(
  all: readonly Place[],
  { requiredSecrets }: Pick<ResolvedEnvironment, 'requiredSecrets'>,
  { secret: wanted = '', key: wantedKey }: Selection,
): Place[] {
  const found = requiredSecrets.filter((secret) => [secret.name, idOf(secret)].includes(wanted));
  const [secret, second] = found;
  if (!secret) {
    const candidates = requiredSecrets.flatMap((each) => [each.name, idOf(each)]);
    const hint = hintOf(wanted, candidates, requiredSecrets.map(idOf));
    throw new InputError([`SECRET: is not a Secret of this environment (${hint})`]);
  }
  if (second) throw new InputError([`SECRET: may be ${found.map(idOf).join(' or ')} (name it with its namespace)`]);
  const places = all.filter((place) => place.secret === secret);
  if (wantedKey === undefined) return places;
  const named = places.filter(({ key }) => key.key === wantedKey);
  if (named.length > 0) return named;
  const keys = secret.keys.map(({ key }) => key);
  throw new InputError([`KEY: is not a key of ${idOf(secret)} (${hintOf(wantedKey, keys, keys)})`]);
}

function hintOf(given: string, candidates: readonly string[], known: readonly string[]): string {
  const meant = nearest(given, candidates);
  return meant ? `did you mean ${meant}?` : `there are: ${known.join(', ') || 'none'}`;
}
