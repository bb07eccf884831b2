import { isIP } from 'node:net';
import { z } from 'zod';
import { nearest } from '../../../input/did-you-mean';
import { isSchedule } from '../../../kubernetes/cron';
import { canonicalBytes, canonicalCpu, canonicalDuration, quantityValue } from '../../../kubernetes/quantity';

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

/** A name as Kubernetes wants it for most objects (DNS-1123 subdomain). */
export const objectName = () =>
  z
    .string()
    .max(253)
    .regex(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
      'must be lower case letters, digits, - and .',
    );

/** A name as Kubernetes wants it for a namespace (DNS-1123 label). */
export const namespaceName = () =>
  z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be lower case letters, digits and -');

/** A key of a Secret or ConfigMap. */
export const dataKey = () =>
  z
    .string()
    .max(253)
    .regex(/^[-._a-zA-Z0-9]+$/, 'must be letters, digits, -, _ and .');

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

const qualified = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const qualifiedKey = () =>
  z
    .string()
    .max(317)
    .regex(qualified, 'must be a key such as team or example.com/team')
    .refine((key) => key !== 'constructor', 'must not be constructor, a word that cdk8s trips over');

/** A duration of whole seconds, as Kubernetes stores it: `90m` becomes `1h30m0s`. */
export const duration = () =>
  z
    .string()
    .max(64)
    .regex(/^(?=\d)(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}s)?$/, 'must be a duration such as 1h, 15m or 90s')
    .transform(canonicalDuration);

/** Labels: key to value, both within Kubernetes' rules. */
export const labels = () =>
  z.record(
    qualifiedKey(),
    z
      .string()
      .max(63)
      .regex(/^([a-zA-Z0-9]([-._a-zA-Z0-9]*[a-zA-Z0-9])?)?$/, 'must be at most 63 letters, digits, -, _ and .'),
  );

/** Annotations: key to any text. */
export const annotations = () => z.record(qualifiedKey(), z.string());
