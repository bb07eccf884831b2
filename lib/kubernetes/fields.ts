import { z } from 'zod';
import { nearest } from '../input/did-you-mean';
import { isSchedule, parseSchedule, whyNeverRuns } from './cron';
import { canonicalDuration, DURATION } from './duration';
import type { Grammar } from './grammar';
import { ANNOTATION_KEY, LABEL_KEY, LABEL_VALUE } from './labels';
import { DATA_KEY, DNS_LABEL, DNS_SUBDOMAIN } from './names';
import { canonicalBytes, canonicalCpu, quantityValue } from './quantity';

/** Fields of a model that follow the grammar of Kubernetes, for any file that a user writes. */

/** A text that follows a grammar of Kubernetes. */
export function following({ pattern, maximum, form }: Grammar) {
  const text = maximum === undefined ? z.string() : z.string().max(maximum);
  return text.regex(pattern, `must be ${form}`);
}

/** The name of an object. */
export const objectName = () => following(DNS_SUBDOMAIN);

/** The name of a namespace. */
export const namespaceName = () => following(DNS_LABEL);

/** A key of a Secret or ConfigMap; its value may have been written instead. */
export const dataKey = () =>
  following({ ...DATA_KEY, form: 'a key name of letters, digits, -, _ and .; put the value itself into the Secret' });

/** A quantity of at least a minimum, in its canonical form. */
const amount = (canonical: (text: string) => string, example: string, minimum: string) => {
  const error = `must be a quantity such as ${example}`;
  return z
    .union([z.string(), z.number()], { error })
    .refine((given) => Number.isFinite(quantityValue(String(given)) * 1000), { error, abort: true })
    .refine(
      (given) => quantityValue(String(given)) >= quantityValue(minimum),
      `must be at least ${minimum}, such as ${example}`,
    )
    .transform((given) => canonical(String(given)));
};

/** More cores than a pod gets: most likely thousandths without their `m`. */
const MAXIMUM_CORES = 256;

/** A quantity of CPU: cores ("2", 0.5) or thousandths ("500m"). */
export const cpu = () =>
  amount(canonicalCpu, '500m or 2', '1m').refine(
    (canonical) => quantityValue(canonical) <= MAXIMUM_CORES,
    `must be at most ${MAXIMUM_CORES} cores; half a core is 500m`,
  );

/** Less is surely a number that lacks its suffix. */
const FEWEST_BYTES = '1Mi';

/** A quantity of memory or storage: bytes with a suffix ("512Mi", "16Gi"). */
export const bytes = (fewest = FEWEST_BYTES) => amount(canonicalBytes, '512Mi or 16Gi', fewest);

/** The size of a volume. */
export const volumeSize = () => amount(canonicalBytes, '10Gi', FEWEST_BYTES);

/** A schedule of a CronJob. */
export const schedule = () =>
  z
    .string()
    .refine(isSchedule, { error: 'must be five fields as in cron, such as 30 3 * * *', abort: true })
    .refine((text) => whyNever(text) === undefined, {
      error: ({ input }) => `never runs: ${whyNever(String(input))}; choose another day or month`,
    });

function whyNever(text: string): string | undefined {
  const parsed = parseSchedule(text);
  return parsed && whyNeverRuns(parsed);
}

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
        return `is not a known time zone; ${meant ? `did you mean ${meant}?` : 'use one such as Etc/UTC or Europe/Berlin'}`;
      },
    });

/** Whether the time zone database has the name, in exactly this case: Kubernetes looks for a file of that name. */
function isTimeZone(name: string): boolean {
  const answered = timeZones.get(name);
  if (answered !== undefined) return answered;
  let answer = false;
  try {
    const { timeZone: known } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    answer = known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    // no such zone
  }
  timeZones.set(name, answer);
  return answer;
}

/** Answers: to look one up takes more than a millisecond. */
const timeZones = new Map<string, boolean>();

const metadataKey = (grammar: Grammar) =>
  following(grammar).refine((key) => key !== 'constructor', 'must not be constructor, which cdk8s cannot render');

/** A duration of whole seconds, as Kubernetes stores it: `90m` becomes `1h30m0s`. */
export const duration = () => following(DURATION).transform(canonicalDuration);

/** Far more than anything needs. The time of cdk8s grows with the square: 4500 labels take minutes. */
const ENTRIES = 256;

const atMostEntries = [
  (given: object) => Object.keys(given).length <= ENTRIES,
  { error: `must have at most ${ENTRIES} entries (remove some)`, abort: true },
] as const;

/** Labels: key to value. */
export const labels = () => z.record(metadataKey(LABEL_KEY), following(LABEL_VALUE)).refine(...atMostEntries);

/**
 * Half of what the API server accepts as the annotations of an object: `kubectl apply` writes them into one more annotation,
 * unless it is passed --server-side.
 */
const ANNOTATIONS = 128 * 1024;

/** Annotations: key to any text. */
export const annotations = () =>
  z
    .record(metadataKey(ANNOTATION_KEY), z.string())
    .refine(...atMostEntries)
    .refine(
      (given) => Object.entries(given).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0) <= ANNOTATIONS,
      `must have at most ${ANNOTATIONS} bytes together, since kubectl apply copies them into one more annotation`,
    );

/** A TCP port. */
export const port = () => z.int().min(1).max(65535);
