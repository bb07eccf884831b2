import { isPrivateName } from '../shared/risks/addresses';

/**
 * Patterns of MLflow's host check, which compares the Host header by Python's fnmatch if an entry contains `*`, and
 * literally otherwise. `*` matches any text, dots included: `10.*` admits `10.evil.example`.
 *
 * @see https://docs.python.org/3/library/fnmatch.html
 */

/** One character of an address. The star makes MLflow read the entry as a pattern, and is in no Host header. */
const FIRST = '[*0-9.]';
const FURTHER = '[0-9.]';

/**
 * The IPv4 addresses that begin with some numbers, as patterns that match digits and dots only: no name of a host
 * consists of these alone. There is one pattern for each length of the rest.
 *
 * @param prefix one to three numbers, each with its dot: `10.`, or `172.1[6-9].`, whose set is one character of it
 */
export function addressPatterns(prefix: string): string[] {
  const missing = 5 - prefix.split('.').length;
  const shortest = 2 * missing - 1;
  const longest = 4 * missing - 1;
  return Array.from(
    { length: longest - shortest + 1 },
    (_, index) => prefix + FIRST + FURTHER.repeat(shortest + index - 1),
  );
}

/** The beginning of an entry such as `100.64.*`, which means addresses; undefined for any other entry. */
export const addressPrefix = (entry: string): string | undefined =>
  /^((?:\d{1,3}\.){1,3})\*(?:\.\*)*$/.exec(entry)?.[1];

/**
 * Whether a pattern admits names of domains that an attacker can register, as `mlflow.*`, `*example.com` and `*.com` do:
 * it has to end in a whole domain, of at least two words unless nobody can register below it. `*` alone says that it
 * admits everything.
 */
export function isOpenEnded(entry: string): boolean {
  const host = entry.replace(/:(\d+|\*)$/, '');
  if (!host.includes('*') || host === '*' || addressPrefix(host) !== undefined) return false;
  const fixed = host.slice(host.lastIndexOf('*') + 1);
  // Without a star fnmatch is not used, and with one a set such as [a-z] is any of these characters.
  const isDomain = /^(\.[\w-]+)+$/.test(fixed) && (fixed.lastIndexOf('.') > 0 || isPrivateName(fixed));
  // A bracket that is not closed is itself, and only IPv6 addresses begin with one.
  return !isDomain && !/^\[[^\]]*$/.test(host);
}

/** Whether a pattern of an origin, such as `https://*`, admits websites of others. */
export const isOpenOrigin = (origin: string): boolean => {
  const host = origin.replace(/^[a-z]+:\/\//, '');
  return origin !== '*' && (host.replace(/:(\d+|\*)$/, '') === '*' || isOpenEnded(host));
};
