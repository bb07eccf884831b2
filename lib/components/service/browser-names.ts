import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { addressPrefix } from './host-patterns';

/**
 * Hosts and origins in the form in which browsers send them: lower case, without a final dot and the scheme's own port,
 * names in Punycode, IPv6 addresses short and in brackets. MLflow compares them literally.
 *
 * @see https://url.spec.whatwg.org/#host-serializing
 */

/** A host, or a pattern of hosts, with the port that is named. */
export interface NamedHost {
  readonly host: string;
  /** Digits, or `*` for any. @default none is named */
  readonly port?: string;
}

/** An origin, or a pattern of origins. */
export interface NamedOrigin extends NamedHost {
  readonly scheme: Scheme;
}

type Scheme = keyof typeof OWN_PORTS;
const OWN_PORTS = { http: '80', https: '443' } as const;
const SCHEMES = Object.keys(OWN_PORTS) as Scheme[];

/** A host of the environment file: a name, an address or a pattern, with or without a port. */
export function namedHost(entry: string): NamedHost {
  const [, host = '', port] = (isIP(entry) === 6 ? undefined : /^(.+):(\d+|\*)$/.exec(entry)) ?? ['', entry];
  return { host: canonicalHost(host), port: port?.replace(/^0+(?=\d)/, '') };
}

/** An origin of the environment file; undefined for `*`. */
export function namedOrigin(entry: string): NamedOrigin | undefined {
  const [, scheme = '', host = ''] = /^(https?):\/\/(.+?)\/?$/i.exec(entry) ?? [];
  const known = SCHEMES.find((each) => each === scheme.toLowerCase());
  return known && { scheme: known, ...namedHost(host) };
}

/** An origin as a browser sends it. */
export const formatOrigin = ({ scheme, host, port }: NamedOrigin): string =>
  `${scheme}://${host}${port === undefined || port === OWN_PORTS[scheme] ? '' : `:${port}`}`;

/** An origin of the environment file as a browser sends it, or `*`. */
export function canonicalOrigin(entry: string): string {
  const origin = namedOrigin(entry);
  return origin ? formatOrigin(origin) : entry;
}

/** Whether an entry has the form of a host, an address or a pattern, with or without a port. */
export function isHostEntry(entry: string): boolean {
  const { host, port = '*' } = namedHost(entry);
  const isPort = port === '*' || (Number(port) >= 1 && Number(port) <= 65_535);
  return isPort && (/[*?[]/.test(host) || URL.canParse(`http://${host}/`));
}

/** A host within a pattern: the bracket of an address would begin a set of characters. */
export const asPattern = (host: string): string => (isIPv6(host) ? host.replace('[', '[[]') : host);

const isIPv6 = (host: string): boolean => /^\[.*:.*\]$/.test(host);

/** Whether browsers omit a port with one of the schemes. */
export const isOwnPort = (port: string): boolean => Object.values<string>(OWN_PORTS).includes(port);

/** Whether MLflow reads an entry as a pattern. */
export const isPattern = (entry: string): boolean => entry.includes('*');

/**
 * The origins of the web page under a host of the environment file: by http and https, on the port that it names, or
 * on the schemes' own and those of the Service. None for `*` and for patterns of addresses, which are no name of the
 * page.
 */
export function originsAt(entry: string, ports: readonly number[]): NamedOrigin[] {
  const { host, port } = namedHost(entry);
  if (host === '*' || addressPrefix(host) !== undefined || (host.startsWith('[') && !isIPv6(host))) return [];
  const reached = port === '*' ? [undefined, '*'] : port === undefined ? [undefined, ...ports.map(String)] : [port];
  return reached.flatMap((each) =>
    SCHEMES.map((scheme) => ({ scheme, host: each === '*' ? asPattern(host) : host, port: each })),
  );
}

function canonicalHost(host: string): string {
  const bare = isIP(host) === 6 ? `[${host}]` : host;
  const name = bare.toLowerCase().replace(/(?<=[^.])\.$/, '');
  if (/[*?]|^\[(?!.*:.*\]$)/.test(name)) return name.split('.').map(punycode).join('.');
  return URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`).hostname : name;
}

/** A word of a pattern; what is no word of a name stays as it is. */
const punycode = (word: string): string => (/^[*?[\]!-~]*$/.test(word) ? word : domainToASCII(word) || word);
