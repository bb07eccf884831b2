import { isIP } from 'node:net';
import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /**
     * The default of a key, if it depends on the release or on other keys: Markdown, in which `NAME` is the name of the
     * instance. The reference page and editors show it; a test compares it with what `resolve` fills in.
     */
    derived?: string;
  }
}

/** A map of known keys; any other key is an issue. */
export const section = z.strictObject;

/** A text that is not empty, has no line break, and nothing that the kubelet or Flux would replace. */
export const text = () => z.string().regex(/^[^\r\n$]+$/, 'must be one line without $, and not empty');

/** A whole number within bounds. */
export const wholeNumber = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** Whether a text is a host name or an address, with nothing around it. */
export function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text) || text.includes(':')) return isIP(text) !== 0;
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= 253 && labels.every((label) => /^[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9])?$/.test(label));
}

/** The host of PostgreSQL or of another server without a URL. */
export const bareHost = (portKey: string) =>
  z.string().refine(isHost, { error: ({ input }) => hostAdvice(String(input), portKey) });

/** What to write in place of a host that has more around it. The rest may contain a password, and is not repeated. */
function hostAdvice(given: string, portKey: string): string {
  const url = /^(?:jdbc:)?\w+:\/\//.test(given) ? given.replace(/^(?:jdbc:)?\w+:/, 'http:') : '';
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (url !== '') return `is a URL: write the host alone${isHost(host) ? `, ${host}` : ''}`;
  const [, name = ''] = /^([^:]+):\d+$/.exec(given) ?? [];
  if (name !== '' && isHost(name)) return `has a port: write ${name} here, and the port as ${portKey}`;
  return 'must be a host name or an address, without port';
}

/** Why an IPv4 address in the form of IPv6 is refused. */
const MAPPED = 'must not be an IPv4 address in the form of IPv6, which programs read differently (write 10.0.0.1)';

/** Whether an address, or that of a block, is such as `::ffff:10.0.0.1`, which Kubernetes no longer accepts. */
function isMapped(text: string): boolean {
  const [ip = ''] = text.split('/');
  return isIP(ip) === 6 && new URL(`http://[${ip}]`).hostname.startsWith('[::ffff:');
}

/** An address block such as 192.168.1.0/24. */
export const addressBlock = () =>
  z
    .union([z.cidrv4(), z.cidrv6()], { error: 'must be an address block such as 192.168.1.0/24' })
    .refine((block) => !isMapped(block), MAPPED);

/** A single IPv4 or IPv6 address. */
export const address = () =>
  z
    .union([z.ipv4(), z.ipv6()], { error: 'must be an IP address such as 192.168.1.201' })
    .refine((ip) => !isMapped(ip), MAPPED);
