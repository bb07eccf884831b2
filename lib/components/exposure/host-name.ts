import { isIP } from 'node:net';
import { z } from 'zod';
import { quoted } from '../../input/printable';
import { DNS_SUBDOMAIN } from '../../kubernetes/names';
import { namedHost } from '../service/browser-names';

/** A name by which a proxy routes, in the form in which browsers send it. */
export const hostName = () =>
  z
    .string()
    .max(DNS_SUBDOMAIN.maximum ?? Infinity)
    .regex(DNS_SUBDOMAIN.pattern, { error: ({ input }) => advice(String(input)), abort: true })
    .refine(isSentByBrowsers, { error: ({ input }) => advice(String(input)) });

/** A part of a name that no DNS has. */
const LONG_LABEL = /[^.]{64}/;

const isSentByBrowsers = (name: string): boolean =>
  isIP(name) === 0 && !LONG_LABEL.test(name) && namedHost(name).host === name;

function advice(given: string): string {
  if (given.includes('*')) return 'must be one name, because a pattern would admit pages of others: write each';
  if (LONG_LABEL.test(given)) return 'must have at most 63 characters between two dots';
  const meant = nameIn(given);
  if (meant) return `must be the name alone, as browsers send it: ${meant}`;
  const example = 'must be a host name such as mlflow.example.com';
  if (isAddress(given)) return `${example}, because a proxy does not route by an address`;
  const [character] = /[^-.a-zA-Z0-9]/u.exec(given) ?? [];
  if (character !== undefined)
    return `${example}, and must not contain ${character === ' ' ? 'a space' : quotedUnlessPlain(character)}`;
  if (/(^|\.)(\.|$)/.test(given)) return `${example}, of which no part is empty`;
  return /(^|\.)-|-(\.|$)/.test(given) ? `${example}, of which no part starts or ends with -` : example;
}

/** Whether a browser reads it as an address: `10.1` is one, too. */
function isAddress(given: string): boolean {
  const url = isIP(given) === 6 ? `http://[${given}]` : `http://${given}`;
  return URL.canParse(url) && isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/** A character in a message: as it is, if it is one of a keyboard. */
const quotedUnlessPlain = (character: string): string => (/[!-~]/.test(character) ? character : quoted(character));

/** The name in what people write: in a URL, with a port or a final dot, in capitals, or with letters beyond ASCII. */
function nameIn(given: string): string | undefined {
  const url = /^\w+:\/\//.test(given) ? given : `http://${given}`;
  const name = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : '';
  return DNS_SUBDOMAIN.pattern.test(name) && isSentByBrowsers(name) ? name : undefined;
}
