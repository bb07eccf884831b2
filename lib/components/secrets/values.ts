import { registryIssue } from '../../kubernetes/registry-credentials';
import type { Release } from '../../mlflow/releases';
import type { Auth } from '../auth/resolve';
import type { RequiredKey, SecretReader } from '../shared/contributions/secret-keys';
import { keyFileIssues } from './google-key-file';

/** The parts of an environment that determine which values are valid. */
export interface ValueSetting {
  readonly release: Release;
  readonly image: { readonly reference: string; readonly pullSecrets: readonly string[] };
  readonly database: { readonly embedded?: object };
  readonly auth: Auth;
}

/** Values that are read as files, in their own format. */
type FileReader = 'registry-credentials' | 'google-key-file';
const isFile = (reader: SecretReader): reader is FileReader =>
  reader === 'registry-credentials' || reader === 'google-key-file';

/** Linux limits one environment variable to 128 KiB, including its name. */
const MAXIMUM_BYTES = 127 * 1024;

/**
 * Issues of a value, by the rules of the program that reads it: `prepare`, the script of the embedded PostgreSQL, the
 * kubelet. No message contains the value.
 */
export function valueIssues(value: Buffer, key: RequiredKey, setting: ValueSetting): string[] {
  if (value.length === 0) return ['is empty (enter a value)'];
  const text = decoded(value);
  if (key.reader === 'registry-credentials') {
    const { reference, pullSecrets } = setting.image;
    // One of several may be for the registry of another image.
    const issue =
      text === undefined
        ? 'is not valid UTF-8 (use JSON)'
        : registryIssue(text, reference, { isOneOfSeveral: pullSecrets.length > 1 });
    return issue === undefined ? [] : [issue];
  }
  if (key.reader === 'google-key-file') return keyFileIssues(text);
  if (value.includes(0)) return ['contains a NUL character, which no environment variable can (remove it)'];
  if (text === undefined) return ['is not valid UTF-8, so no container would start (use UTF-8)'];
  return violatedRules([
    [
      value.length <= MAXIMUM_BYTES,
      `has ${value.length} bytes; an environment variable can have ${MAXIMUM_BYTES} (shorten it)`,
    ],
    [!text.startsWith('\ufeff'), 'begins with a byte order mark (save the file without it)'],
    [!/[\r\n]$/.test(text), 'ends with a line break, as from echo without -n (use --strip-newline to remove it)'],
    ...RULES[key.reader](text, key, setting),
  ]);
}

/** Warnings: what is valid but looks like a mistake. */
export function valueWarnings(value: Buffer, key: RequiredKey): string[] {
  const text = decoded(value) ?? '';
  if (isFile(key.reader)) return [];
  return violatedRules([
    [!HAS_BLANK_END.test(text), 'begins or ends with white space'],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
    [!/[\u0000-\u001f\u007f]/.test(text), 'contains a control character, such as a tab or a line break'],
  ]);
}

/** The value that a key must have because the environment file contains it: the name of a declared user. */
export const declaredName = ({ section: [first, second], generated }: RequiredKey): string | undefined =>
  first === 'auth' && second === 'users' && generated && 'text' in generated ? generated.text : undefined;

/** Whether a rule is followed, and the message if it is not. */
type Rule = readonly [isKept: boolean, message: string];

const violatedRules = (rules: readonly Rule[]): string[] =>
  rules.flatMap(([isKept, message]) => (isKept ? [] : [message]));

/** White space as Python's strip() removes it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts these as white space
const HAS_BLANK_END = /^[\s\x1c-\x1f\x85]|[\s\x1c-\x1f\x85]$/;
const MINIMUM_CHARACTERS = 12;
const MINIMUM_KEY_CHARACTERS = 16;

/** 32 bytes as URL-safe base64. */
const FERNET_KEY = /^[\w-]{43}=$/;

const length = (text: string): number => [...text].length;

const RULES: Readonly<
  Record<Exclude<SecretReader, FileReader>, (text: string, key: RequiredKey, setting: ValueSetting) => readonly Rule[]>
> = {
  'database-username': (text, _, { database }) =>
    database.embedded
      ? [
          [Buffer.byteLength(text) <= 63, 'is longer than 63 bytes, the limit of PostgreSQL (shorten it)'],
          [text !== 'postgres', 'is postgres, the superuser of the embedded PostgreSQL (use another, such as mlflow)'],
          [!text.startsWith('pg_'), 'starts with pg_, which PostgreSQL reserves (use another, such as mlflow)'],
          [!/^(public|none)$/.test(text), 'is a reserved word of PostgreSQL (use another, such as mlflow)'],
        ]
      : [],
  'database-password': (text, _, { database }) => [
    [
      !database.embedded || !/^(md5[0-9a-f]{32}|SCRAM-SHA-256\$.*:.*\$.*:.*)$/s.test(text),
      'looks like a password hash, and PostgreSQL would store it as one (use another)',
    ],
  ],
  's3-access-key-id': (text) => [
    [
      /^[!-~]*$/.test(text) && !/[,=]/.test(text),
      'contains a character that a signed request cannot carry: it must be visible ASCII without comma and equals sign (copy it again)',
    ],
  ],
  's3-secret-access-key': () => [],
  'azure-account-key': (text) => [
    [
      /^[A-Za-z\d+/]+={0,2}\s*$/.test(text) && text.trimEnd().length % 4 === 0,
      'is not base64, which an account key is; that of a connection string follows AccountKey= (copy it again)',
    ],
  ],
  'azure-sas': (text) => [
    [
      /^\??[!-~]+$/.test(text) && !text.includes('://') && /(^\??|&)sig=[^&]/.test(text),
      'is no SAS, which has sig= and no spaces, without the URL before its ? (copy it again)',
    ],
  ],
  'mlflow-username': (text, key, { auth, release }) => {
    const declared = declaredName(key);
    return [
      [!text.includes(':'), 'contains a colon, which HTTP basic authentication cannot carry (use another name)'],
      [!HAS_BLANK_END.test(text), 'begins or ends with white space, which MLflow removes (remove it)'],
      [
        !/[\r\n]/.test(text),
        "contains a line break, which MLflow's configuration file does not allow (use another name)",
      ],
      [length(text) <= 255, `has ${length(text)} characters; MLflow stores 255 (shorten it)`],
      asciiRule(text, release),
      [
        declared === undefined || text === declared,
        `is not ${declared}, the name of this user in auth.users (use that name)`,
      ],
      [
        declared !== undefined || !auth.users.some(({ name }) => name === text),
        'is the name of one of auth.users (use another name for the administrator)',
      ],
    ];
  },
  'mlflow-password': (text, _, { release }) => [
    [
      length(text) >= MINIMUM_CHARACTERS,
      `has ${length(text)} characters; MLflow requires ${MINIMUM_CHARACTERS} or more (use a longer one)`,
    ],
    [text !== 'password1234', "is MLflow's former default password, which is public (use another)"],
    asciiRule(text, release),
  ],
  'flask-secret-key': (text) => [
    [
      length(text) >= MINIMUM_KEY_CHARACTERS,
      `has ${length(text)} characters; anyone who guesses the key can forge sessions (use ${MINIMUM_KEY_CHARACTERS} or more, or --generate)`,
    ],
  ],
  'webhook-encryption-key': (text) => [
    [
      FERNET_KEY.test(text),
      'is not 32 bytes as URL-safe base64, so the server would not start (use --generate, or openssl rand -base64 32 | tr +/ -_)',
    ],
  ],
  'gateway-passphrase': (text) => [
    [
      length(text) >= MINIMUM_KEY_CHARACTERS,
      `has ${length(text)} characters; anyone who guesses it can decrypt API keys of a database (use ${MINIMUM_KEY_CHARACTERS} or more, or --generate)`,
    ],
  ],
  'oidc-client-secret': () => [],
  'cookie-secret': (text) => [
    [
      [16, 24, 32].includes(cookieKeyBytes(text)),
      `has ${cookieKeyBytes(text)} bytes; the proxy needs 16, 24 or 32, as they are or as URL-safe base64 (use --generate, or openssl rand -base64 32 | tr +/ -_)`,
    ],
  ],
  'proxy-password': (text) => [
    [
      length(text) >= MINIMUM_KEY_CHARACTERS,
      `has ${length(text)} characters; anyone who guesses it can be anybody (use ${MINIMUM_KEY_CHARACTERS} or more, or --generate)`,
    ],
  ],
};

/** Bytes of a key as oauth2-proxy reads it: decoded if that gives a key, else as it is. */
function cookieKeyBytes(text: string): number {
  const encoded = text.replace(/=+$/, '');
  const isEncoded = /^[\w-]+$/.test(encoded) && encoded.length % 4 !== 1;
  const decoded = isEncoded ? Buffer.from(encoded, 'base64url').length : 0;
  return [16, 24, 32].includes(decoded) ? decoded : Buffer.byteLength(text);
}

const asciiRule = (text: string, release: ValueSetting['release']): Rule => [
  !release.can('asciiLogin') || Buffer.byteLength(text) === text.length,
  `contains a character outside ASCII, and MLflow ${release.version} then refuses the login on some routes (use ASCII)`,
];

/** The text of UTF-8, with its byte order mark, or undefined. */
function decoded(value: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}
