import type { Path } from '../../../input/issue';

/**
 * A value of a generated Secret: a fixed text, the number of random letters and digits, or a key of Fernet, which is 32
 * random bytes as URL-safe base64.
 */
export type GeneratedValue = { readonly text: string } | { readonly random: number } | { readonly fernet: true };

/** What a Secret is for. It names the Job that generates the Secret. */
export type SecretPurpose =
  | 'database'
  | 'object-store'
  | 'backup'
  | 'login'
  | 'metrics'
  | 'provider'
  | 'proxy'
  | 'registry';

/** The program that reads a value in the end: it decides what the value may be. */
export type SecretReader =
  | 'database-username'
  | 'database-password'
  | 's3-access-key-id'
  | 's3-secret-access-key'
  | 'google-key-file'
  | 'azure-account-key'
  | 'azure-sas'
  | 'mlflow-username'
  | 'mlflow-password'
  | 'flask-secret-key'
  | 'webhook-encryption-key'
  | 'gateway-passphrase'
  | 'oidc-client-secret'
  | 'cookie-secret'
  | 'proxy-password'
  | 'registry-credentials';

/** A key of a Secret that the environment names. */
export interface RequiredKey {
  /** The section that names the Secret. */
  readonly section: Path;
  /** The key of the section that names this key. */
  readonly keyName: string;
  readonly purpose: SecretPurpose;
  readonly key: string;
  readonly reader: SecretReader;
  /** What may be generated. @default nothing, because only an external system knows the value */
  readonly generated?: GeneratedValue;
  /**
   * Pods start without it; `without`: what you should know then, as a clause.
   *
   * @default pods wait for it
   */
  readonly optional?: { readonly without?: string };
  /** The key of a Secret in the instance's own namespace that has the same value, if this is a client's copy. */
  readonly copies?: { readonly secret: string; readonly key: string };
}

/** A key with the Secret that it belongs to. */
export interface SecretKey {
  /** @default the instance's own namespace */
  readonly namespace?: string;
  readonly secret: string;
  readonly key: RequiredKey;
}

/** What can create a Secret. */
export const SECRET_PROVIDERS = ['existing', 'generated', 'sealed', 'external'] as const;

/** What creates a Secret. */
export type SecretProvider = (typeof SECRET_PROVIDERS)[number];

/** A Secret that the environment names, with every key of it that is read. */
export interface RequiredSecret {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'Opaque' | typeof REGISTRY_TYPE;
  readonly provider: SecretProvider;
  readonly keys: readonly RequiredKey[];
}

/** The Secret in the instance's own namespace that has the values of a Secret: itself, unless it is a client's copy. */
export const sourceOf = ({ name, keys }: Pick<RequiredSecret, 'name' | 'keys'>): string =>
  keys.find(({ copies }) => copies)?.copies?.secret ?? name;

/** The type of a Secret that only a node reads. */
export const REGISTRY_TYPE = 'kubernetes.io/dockerconfigjson';

/**
 * How a key is declared: the name of the setting that names it, the key itself, who reads it, what may be generated.
 */
export type KeyDeclaration = readonly [
  keyName: string,
  key: string,
  reader: SecretReader,
  value: GeneratedValue,
  optional?: RequiredKey['optional'],
];

/**
 * The keys of one Secret.
 *
 * @param isOurs whether a random value would work: not for the credentials of an external system
 */
export function keysOf(
  {
    section,
    purpose,
    secret,
    isOurs,
  }: Pick<RequiredKey, 'section' | 'purpose'> & {
    readonly secret: string;
    readonly isOurs: boolean;
  },
  declarations: readonly KeyDeclaration[],
): SecretKey[] {
  return declarations.map(([keyName, key, reader, generated, optional]) => ({
    secret,
    key: {
      section,
      keyName,
      purpose,
      key,
      reader,
      ...(isOurs ? { generated } : {}),
      ...(optional ? { optional } : {}),
    },
  }));
}
