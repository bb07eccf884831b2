import { isIP } from 'node:net';
import { z } from 'zod';
import { nearest } from '../../../input/did-you-mean';
import { isSchedule } from '../../../kubernetes/cron';
import { canonicalDuration, DURATION } from '../../../kubernetes/duration';
import type { Grammar } from '../../../kubernetes/grammar';
import { ANNOTATION_KEY, LABEL_KEY, LABEL_VALUE } from '../../../kubernetes/labels';
import { DATA_KEY, DNS_LABEL, DNS_SUBDOMAIN } from '../../../kubernetes/names';
import { canonicalBytes, canonicalCpu, quantityValue } from '../../../kubernetes/quantity';

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
export const text = () => z.string().regex(/^[^\r\n$]+$/, 'must be one line that is not empty and holds no $');

/** A whole number within bounds. */
export const wholeNumber = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** A TCP port. */
export const port = () => wholeNumber(1, 65535);

/** Whether a text is a host name or an address, with nothing around it. */
export function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text) || text.includes(':')) return isIP(text) !== 0;
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= 253 && labels.every((label) => /^[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9])?$/.test(label));
}

/** A text that follows a grammar of Kubernetes. */
export function following({ pattern, maximum, form }: Grammar) {
  const text = maximum === undefined ? z.string() : z.string().max(maximum);
  return text.regex(pattern, `must be ${form}`);
}

/** The name of an object. */
export const objectName = () => following(DNS_SUBDOMAIN);

/** The name of a namespace. */
export const namespaceName = () => following(DNS_LABEL);

/** A key of a Secret or ConfigMap. */
export const dataKey = () => following(DATA_KEY);

const amount = (canonical: (text: string) => string, example: string, minimum: number) =>
  z
    .union([z.string(), z.number()], { error: `must be a quantity such as ${example}` })
    .refine((given) => quantityValue(String(given)) >= minimum, `must be a quantity such as ${example}`)
    .transform((given) => canonical(String(given)));

/** A quantity of CPU: cores ("2", 0.5) or thousandths ("500m"). */
export const cpu = () => amount(canonicalCpu, '500m or 2', 0.001);

/** A quantity of memory or storage: bytes with a suffix ("512Mi", "16Gi"). */
export const bytes = () => amount(canonicalBytes, '512Mi or 16Gi', 1);

/** The size of a volume: as `bytes`, and no fewer than anybody means. */
export const volumeSize = () => amount(canonicalBytes, '10Gi', 2 ** 20);

/** An address block such as 192.168.1.0/24. */
export const addressBlock = () =>
  z.union([z.cidrv4(), z.cidrv6()], { error: 'must be an address block such as 192.168.1.0/24' });

/** A single IPv4 or IPv6 address. */
export const address = () => z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address such as 192.168.1.201' });

/** A schedule of a CronJob. */
export const schedule = () => z.string().refine(isSchedule, 'must be five fields as in cron, such as 30 3 * * *');

/** A time zone by its name. The controller's own is called Local, which it refuses. */
export const timeZone = () =>
  z
    .string()
    .regex(/^(?!Local$)[A-Z][\w+-]*(\/[\w+-]+)*$/, {
      error: 'must be a time zone such as Etc/UTC or Europe/Berlin',
      abort: true,
    })
    .refine(isTimeZone, {
      error: ({ input }) => {
        const meant = nearest(String(input), Intl.supportedValuesOf('timeZone'));
        return `is no time zone that there is; ${meant ? `did you mean ${meant}?` : 'take one such as Etc/UTC or Europe/Berlin'}`;
      },
    });

/** Whether the database of time zones has the name, in these very letters: Kubernetes looks for a file that is called so. */
function isTimeZone(name: string): boolean {
  try {
    const { timeZone: known } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

const metadataKey = (grammar: Grammar) =>
  following(grammar).refine((key) => key !== 'constructor', 'must not be constructor, which cdk8s cannot render');

/** A duration of whole seconds, as Kubernetes stores it: `90m` becomes `1h30m0s`. */
export const duration = () => following(DURATION).transform(canonicalDuration);

/** Labels: key to value. */
export const labels = () => z.record(metadataKey(LABEL_KEY), following(LABEL_VALUE));

/** Annotations: key to any text. */
export const annotations = () => z.record(metadataKey(ANNOTATION_KEY), z.string());
