import { nearest } from '../input/did-you-mean';
import { formatPath, type Path } from '../input/issue';
import { isSecretName } from '../input/plain-secrets';
import { isKeyOfSecret, isOffByDefault, knownKeys, pathsOfKey, typeAt } from './model-tree';
import { notSupported } from './not-supported';
import { isWhereOthersWrite, keyOfOthers, OF_SERVER } from './other-names';

/**
 * The message for a key that the model does not know at a path.
 *
 * @param known the keys that may be written there, also those that the model does not know
 */
export function unknownKey(path: Path, key: string, known: readonly string[] = knownKeys(path)): string {
  const option = nearest(key, known);
  if (option && !knownKeys(path).includes(option)) return unknown(`did you mean ${option}?`);
  const advice = secretAdvice(path, key, known) ?? switchAdvice(path, key) ?? otherName(path, key);
  if (advice) return unknown(advice);
  const meant = nearest(key, known) ?? elsewhere(path, key);
  return notSupported(path, key) ?? unknown(meant ? `did you mean ${meant}?` : `known keys: ${known.join(', ')}`);
}

const unknown = (advice: string) => `is not a known key (${advice})`;

/** A switch of other tools for what is on here as soon as it is written. */
const switchAdvice = (path: Path, key: string): string | undefined =>
  ['enabled', 'create'].includes(key) && path.length > 0 && isOffByDefault(typeAt(path))
    ? `remove it: ${formatPath(path)} is on as soon as it is written, and off without it`
    : undefined;

/** The key that other tools call so: of what the user is in, or where the values of those tools are written. */
function otherName(path: Path, key: string): string | undefined {
  const own = keyOfOthers(key);
  if (own === undefined) return undefined;
  const target = own.split('.');
  const isBelow = startsWith(target, path) && target.length > path.length;
  return isBelow || (isWhereOthersWrite(path) && !startsWith(path, target)) ? `use ${own}` : undefined;
}

/**
 * The same name in another section: in one below, or in the outermost one. Of several as far away, users of other tools
 * mean the server or its Service.
 */
function elsewhere(path: Path, key: string): string | undefined {
  const paths = COMMON.has(key) ? [] : pathsOfKey(key);
  const inside = path.length > 0 ? paths.filter((each) => startsWith(each, path)) : [];
  const candidates = inside.length > 0 ? inside : paths;
  const nearby = candidates.filter(({ length }) => length === candidates[0]?.length);
  const meant =
    nearby.length === 1 ? nearby[0] : OF_SERVER.flatMap((name) => nearby.filter(([first]) => first === name))[0];
  return meant && formatPath(meant);
}

/** Keys that mean something else in each section. */
const COMMON = new Set(['name', 'key', 'size', 'secret', 'enabled', 'create', 'version', 'kind']);

/** A login or a key of the user's own, which belongs into a Secret: a suggestion to name its key would put it into git. */
function secretAdvice(path: Path, key: string, known: readonly string[]): string | undefined {
  const meant = nearest(key, known);
  if (meant && isKeyOfSecret([...path, meant])) {
    return `put the value into the Secret that ${formatPath([...path, 'secret'])} names; ${meant} is the name of its key there, not the value`;
  }
  // At the top nothing tells whose secret it is.
  if (path.length === 0 || !(isSecretName(key) || /^user_?(name)?$/i.test(key))) return undefined;
  const secret = pathsOfKey('secret').find(
    (each) =>
      startsWith(each, path) &&
      knownKeys(each.slice(0, -1)).some((name) => isKeyOfSecret([...each.slice(0, -1), name])),
  );
  return secret && `put the value into the Secret that ${formatPath(secret)} names`;
}

const startsWith = (path: Path, start: Path) => start.every((step, index) => path[index] === step);
