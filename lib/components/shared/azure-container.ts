import type { Path } from '../../input/issue';
import type { Variable } from '../../kubernetes/variables';
import { AZURE_CLOUDS, type AzureCloudName } from './azure-clouds';
import { azureIdentity, type WorkloadIdentity } from './azure-identity';
import type { Destination } from './contributions/destination';
import { destinationsIn } from './contributions/destinations';
import { keysOf, type SecretKey, type SecretPurpose } from './contributions/secret-keys';
import type { PodIdentity } from './pod-identity';

/** The Secret with an account key or a SAS. */
interface AzureCredentials {
  readonly secret: string;
  /** @default a SAS is used */
  readonly accountKeyKey?: string;
  /** @default an account key is used */
  readonly sasTokenKey?: string;
}

/** A container with what opens it. */
export interface AzureContainer {
  readonly account: string;
  readonly container: string;
  readonly cloud: AzureCloudName;
  /** @default keys are not used, because there is an identity */
  readonly credentials?: AzureCredentials;
  readonly identity?: { readonly workloadIdentity: WorkloadIdentity };
}

/** A container as a user wrote it. */
type GivenContainer = Omit<AzureContainer, 'credentials'> & { readonly credentials: Partial<AzureCredentials> };

/** The key that MLflow has for it as a variable. */
const ACCESS_KEY = 'AZURE_STORAGE_ACCESS_KEY';

/** Fills in the Secret. */
export const resolveContainer = <Given extends GivenContainer>(
  given: Given,
  secret: string,
): Omit<Given, 'credentials'> & Pick<AzureContainer, 'credentials'> => ({
  ...given,
  credentials: given.identity ? undefined : resolveCredentials(given.credentials, secret),
});

const resolveCredentials = (given: Partial<AzureCredentials>, secret: string): AzureCredentials => ({
  ...given,
  secret: given.secret ?? secret,
  ...(given.sasTokenKey ? {} : { accountKeyKey: given.accountKeyKey ?? ACCESS_KEY }),
});

/** Whether the login is an account key, which opens every container of the account. */
export const hasAccountKey = ({ credentials }: AzureContainer): boolean => credentials?.accountKeyKey !== undefined;

/** Host name of the blobs of an account. */
export const blobHost = ({ account, cloud }: AzureContainer): string => `${account}.${AZURE_CLOUDS[cloud].blobs}`;

/** URL of the blobs of an account. */
export const accountUrl = (container: AzureContainer): string => `https://${blobHost(container)}`;

/** The identity of pods in a container, if they have one there. */
export const identityOf = ({ identity, cloud }: AzureContainer): PodIdentity | undefined =>
  identity && azureIdentity(identity.workloadIdentity, AZURE_CLOUDS[cloud].authority);

/**
 * The variable with the account key or the SAS, of which MLflow and the SDK know which one it is; none with an identity.
 *
 * @param prefix of the name, for a container that uses two stores
 */
export function accessKey({ credentials }: AzureContainer, prefix = ''): Variable[] {
  const key = credentials?.sasTokenKey ?? credentials?.accountKeyKey;
  return credentials && key ? [{ name: `${prefix}${ACCESS_KEY}`, secret: credentials.secret, key }] : [];
}

/** The key of the Secret; none with an identity. */
export function containerKeys({ credentials }: AzureContainer, path: Path, purpose: SecretPurpose): SecretKey[] {
  if (!credentials) return [];
  const { secret, accountKeyKey, sasTokenKey } = credentials;
  const section = { section: [...path, 'credentials'], purpose, secret, isOurs: false };
  if (sasTokenKey) return keysOf(section, [['sasTokenKey', sasTokenKey, 'azure-sas', { random: 40 }]]);
  return keysOf(section, [['accountKeyKey', accountKeyKey ?? ACCESS_KEY, 'azure-account-key', { random: 40 }]]);
}

/** The hosts of the container, and of what gives pods tokens. */
export const containerDestinations = (container: AzureContainer): Destination[] => [
  ...destinationsIn(accountUrl(container)),
  ...(identityOf(container)?.destinations ?? []),
];
