import { z } from 'zod';
import type { Check, Path } from '../../../input/issue';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { section } from './fields';
import { type GoogleIdentity, googleIdentity } from './google-identity';
import { storeEndpoint } from './store-location';

/**
 * Name of a bucket, which may consist of parts with dots in between.
 *
 * @see https://cloud.google.com/storage/docs/buckets#naming
 */
const BUCKET =
  /^(?=.{3,222}$)(?!goog)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9]([-_a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-_a-z0-9]{0,61}[a-z0-9])?)*$/;

/** Name of a bucket in Google Cloud Storage. */
export const gcsBucket = () =>
  z
    .string()
    .regex(
      BUCKET,
      'must be 3 to 63 lowercase letters, digits, -, _ and ., which starts and ends with a letter or digit and does not begin with goog',
    );

/** What a bucket has besides its name; `secret` is the derived default of its Secret, as Markdown. */
export const gcsKeys = ({ secret }: { readonly secret: string }) => ({
  credentials: section({
    secret: objectName().optional().meta({ description: 'Secret in the namespace.', derived: secret }),
    key: dataKey()
      .default('key.json')
      .describe('Key of the Secret that contains the JSON key file of the service account.'),
  })
    .prefault({})
    .describe('Key file of a service account, which is mounted as a file. Not used with `identity`.'),
  identity: googleIdentity()
    .optional()
    .describe('Identity of the pods on GKE, in place of a key file: no Secret is read or created then.'),
  endpoint: storeEndpoint('https://storage-of-mine.p.googleapis.com')
    .optional()
    .describe('URL of the API, such as that of Private Service Connect. If unset, `https://storage.googleapis.com`.'),
});

/** What the checks look at. */
interface GivenGcs {
  readonly identity?: GoogleIdentity;
  readonly credentials: { readonly secret?: string };
}

/** An identity is in place of a key file. */
export const gcsChecks = (path: Path, gcs: GivenGcs | undefined): Check[] => [
  {
    path: [...path, 'credentials', 'secret'],
    dependsOn: [[...path, 'identity']],
    violated: gcs?.identity !== undefined && gcs.credentials.secret !== undefined,
    message: `is set beside ${path.join('.')}.identity, which needs no key file (remove one of the two)`,
  },
];

/** The variables of all pods that use a store, as a user wrote them. */
export interface ServerVariables {
  readonly env: Readonly<Record<string, unknown>>;
}

/** The variable by which clients of Google know a key file. */
const KEY_FILE = 'GOOGLE_APPLICATION_CREDENTIALS';

/** A key file of the user's would be used before an identity. */
export const keyFileCheck = (
  path: Path,
  gcs: Pick<GivenGcs, 'identity'> | undefined,
  { env }: ServerVariables,
): Check => ({
  path: ['server', 'env', KEY_FILE],
  dependsOn: [[...path, 'identity']],
  violated: gcs?.identity !== undefined && env[KEY_FILE] !== undefined,
  message: `would be used in place of ${path.join('.')}.identity (remove one of the two)`,
});
