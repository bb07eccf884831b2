import { z } from 'zod';
import { describeGrammar, type Grammar, matches } from '../kubernetes/grammar';
import { ANNOTATION_KEY, LABEL_KEY, LABEL_VALUE } from '../kubernetes/labels';
import { DATA_KEY, DNS_SUBDOMAIN } from '../kubernetes/names';

/** The version of the API that all releases of the controller have. */
export const API_VERSION = 'bitnami.com/v1alpha1';
/** The kind of each object of the file. */
export const KIND = 'SealedSecret';

/**
 * The model of one SealedSecret, as kubeseal prints it or a cluster returns it. Each message is final and repeats no
 * value: the file might contain one that should be secret.
 */

const NO_MAP = 'is not a map of keys to values (write key: value)';
const NO_TEXT = 'is not text (write it in quotes)';
const text = () => z.string({ error: NO_TEXT });
const name = (field: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `is missing (write the Secret's ${field})` : NO_TEXT) })
    .refine((given) => matches(DNS_SUBDOMAIN, given), {
      error: `is not a valid Kubernetes name (use ${DNS_SUBDOMAIN.form})`,
    });

/** Fields that may be set; `others` are not offered when a field is not known. */
function fields<Shape extends z.ZodRawShape>(shape: Shape, what: string, others: z.ZodRawShape = {}) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(
    { ...(others as Record<never, never>), ...shape },
    { error: ({ code }) => (code === 'unrecognized_keys' ? `${what} (use ${known})` : NO_MAP) },
  );
}

/** A map that may be missing or have nothing in it. */
const emptyIfNull = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((given) => given ?? {}, schema);

const texts = () => emptyIfNull(z.record(z.string(), text(), { error: NO_MAP }));

/** A map of texts with keys, and values if given, that follow a grammar. */
const textsBy = (what: string, keys: Grammar, values?: Grammar) =>
  emptyIfNull(
    z.record(
      text().refine((key) => matches(keys, key)),
      text().refine((value) => !values || matches(values, value), {
        error: `is not a valid value of ${what} (use ${values ? describeGrammar(values) : 'text'})`,
      }),
      { error: ({ code }) => (code === 'invalid_key' ? `is not a valid key of ${what} (use ${keys.form})` : NO_MAP) },
    ),
  );

const labels = () => textsBy('a label', LABEL_KEY, LABEL_VALUE);
const annotations = () => textsBy('an annotation', ANNOTATION_KEY);

const ignored = z.unknown().optional();
const ADDED_BY_CLUSTER = {
  creationTimestamp: ignored,
  generation: ignored,
  managedFields: ignored,
  resourceVersion: ignored,
  selfLink: ignored,
  uid: ignored,
};
const metadata = <Names extends z.ZodRawShape>(names: Names) =>
  emptyIfNull(fields({ ...names, labels: labels(), annotations: annotations() }, 'is not used here', ADDED_BY_CLUSTER));

/** A value of `encryptedData`. Anything but text is no ciphertext either, and can be replaced with one. */
const sealedValue = z
  .unknown()
  .refine((given) => typeof given !== 'object' || given === null, { error: NO_TEXT })
  .transform((given) => (given === null || given === undefined ? '' : String(given)));

const encryptedData = z
  .record(
    text().refine((key) => matches(DATA_KEY, key)),
    sealedValue,
    {
      error: ({ code }) => (code === 'invalid_key' ? `is not a valid key of a Secret (use ${DATA_KEY.form})` : NO_MAP),
    },
  )
  .nullish();

const template = emptyIfNull(
  fields(
    {
      data: texts(),
      immutable: z.boolean({ error: 'is neither true nor false (write one of them)' }).optional(),
      // The controller uses the name and namespace of the SealedSecret, whatever is written here.
      metadata: metadata({ name: ignored, namespace: ignored }),
      type: text().optional(),
    },
    'is not a field of a template',
  ),
);

/** All values in one text, as the first releases of the controller had it. */
const oldForm = z
  .never({ error: 'is an obsolete format with all values in one text (re-seal them into encryptedData)' })
  .optional();

/** One SealedSecret, whose kind and version are checked before. */
export const sealedSecretModel = fields(
  {
    apiVersion: ignored,
    kind: z.literal(KIND),
    metadata: metadata({ name: name('name'), namespace: name('namespace') }),
    spec: emptyIfNull(
      fields({ encryptedData, template }, 'is not a field of the spec of a SealedSecret', { data: oldForm }),
    ),
    status: ignored,
  },
  'is not a field of a SealedSecret',
);

/** A SealedSecret that follows the model. */
export type SealedSecretModel = z.output<typeof sealedSecretModel>;
