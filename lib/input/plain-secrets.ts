/**
 * Secrets in plain text: what is in git and in every manifest, and readable with permission to list objects. Only the form
 * of a name or of a text can tell, so this finds the usual ones, and no password in prose.
 */

/** Parts of texts that are filled in elsewhere: `$(NAME)`, `${NAME}` without a default, `{{ .name }}`. */
const FILLED_IN = String.raw`\$\([^()]{0,512}\)|\$\{(?:(?!:[-=])[^{}]){1,512}\}|\{\{[^{}]{0,512}\}\}`;

/** What is filled in elsewhere as a whole, or stands for something: `$name`, `<password>`, `***`. */
const PLACEHOLDER = new RegExp(
  String.raw`^(?:(?:(?:${FILLED_IN})[\s:]*)+|\$(?:[a-z_]+|[A-Z0-9_]+)|<[^<>]*>|\*+|\.{3}|[xX]{3,})$`,
);

/** A switch, a count or nothing. */
const SWITCH = /^(|true|false|yes|no|on|off|none|null|auto|default|\d{1,3})$/i;

/** A file of the pod: two or more names, of which the first is none of random text. */
const FILE = /^(\/[a-z][a-z0-9._-]{0,62}\/\S*|file:\S*)$/;

/** Whether the value of a named secret is none. */
const isHarmless = (value: string) => [SWITCH, FILE, PLACEHOLDER].some((form) => form.test(value));

/** What a secret is called in a URL, a connection string or an option. */
const PARAMETER = `(?:${[
  '[\\w-]{0,64}pass(?:word|wd|phrase)',
  'pwd',
  '(?:client|auth|api|shared)?[-_]?secret',
  '(?:access|api|auth|id|refresh)?[-_]?token',
  '[\\w-]{0,64}(?:api|access|account|secret|shared)[-_]?key',
  'sharedaccesssignature|x-amz-signature|sig',
].join('|')})`;

/**
 * Texts that contain a secret, whatever they are called: with the part that is one unless it is a placeholder, or the
 * value of a name, which may be a switch or a file, too. No part is without bounds, so that the time grows with the length
 * of a text, not with its square.
 */
const FORMS: readonly { readonly contains: string; readonly form: RegExp }[] = [
  // A number behind the colon is a port. A password may contain what would have to be escaped.
  { contains: 'a password in a URL', form: /:\/\/[^\s/?#@:]*:(?!\d+(?:[/?#]|$))(?<secret>\S{0,512})@/g },
  {
    contains: 'a secret as a parameter',
    form: new RegExp(`(?:^|[?&;,\\s'"]|--)${PARAMETER}=["']?(?<value>(?:${FILLED_IN})?[^&;,\\s'"]*)`, 'gi'),
  },
  {
    contains: 'a secret in JSON',
    form: new RegExp(`"(?:${PARAMETER}|auth)"\\s*:\\s*"(?<value>(?:${FILLED_IN})?[^"]*)"`, 'gi'),
  },
  {
    contains: 'the value of an Authorization header',
    // Without the name of the header, only base64 tells a value from prose.
    form: /(?:\bauthorization\W{1,6}(?:bearer|basic)\s+|\b(?:bearer|basic)\s+(?=[\w+/]{16}))(?=\S*[\d=])(?<secret>[\w+/.~-]{8,}=*)/gi,
  },
  {
    contains: 'a private key',
    form: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|\bAGE-SECRET-KEY-1\w{20,}/g,
  },
  { contains: 'an access key ID of AWS', form: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { contains: 'a JSON Web Token', form: /\beyJ[\w-]{8,512}\.eyJ[\w-]{8}/g },
  {
    contains: 'a token',
    form: new RegExp(
      `\\b(?:${[
        'gh[pousr]_\\w{30}', // GitHub
        'github_pat_\\w{30}',
        'glpat-[\\w-]{18}', // GitLab
        'xox[abeprs]-[\\w-]{10}', // Slack
        'sk-[\\w-]{20}', // OpenAI, Anthropic and others
        '(?:sk|rk)_live_\\w{16}', // Stripe
        'hf_[a-zA-Z0-9]{20}', // Hugging Face
        'AIza[\\w-]{35}', // Google
        'dapi[0-9a-f]{32}', // Databricks
        'hv[sb]\\.[\\w-]{20}', // Vault
        'npm_[a-zA-Z0-9]{36}',
        'pypi-[\\w-]{50}',
        'dckr_pat_[\\w-]{20}', // Docker Hub
        'glsa_\\w{30}', // Grafana
        'dop_v1_[0-9a-f]{60}', // DigitalOcean
        'whsec_[\\w+/]{16}', // Stripe and others, for webhooks
        '\\d{8,10}:[\\w-]{35}(?![\\w-])', // Telegram
        'SG\\.[\\w-]{20,40}\\.[\\w-]{20}', // SendGrid
      ].join('|')})`,
      'g',
    ),
  },
  {
    contains: 'a URL that is a secret',
    form: new RegExp(
      `https://(?:${[
        'hooks\\.slack\\.com/(?:services|workflows|triggers)/\\w',
        '(?:[\\w-]{1,63}\\.)?discord(?:app)?\\.com/api/(?:v\\d+/)?webhooks/\\d+/\\w',
        '[\\w-]{1,63}\\.webhook\\.office\\.com/webhookb2/\\w',
        'api\\.telegram\\.org/bot\\d',
      ].join('|')})`,
      'g',
    ),
  },
];

/** What a text contains that is a secret, whatever it is called; undefined if nothing looks like one. */
export const secretWithin = (text: string): string | undefined =>
  FORMS.find(
    ({ form }) =>
      // Few texts match, and `search` does not copy the expression as `matchAll` does.
      text.search(form) >= 0 &&
      [...text.matchAll(form)].some(({ groups: { secret = 'secret', value } = {} }) =>
        value === undefined ? !PLACEHOLDER.test(secret) : !isHarmless(value),
      ),
  )?.contains;

/** Names whose value is a secret, in lower case without separators. */
const SECRET_NAME =
  /(password|passwd|passphrase|secret|token|credentials?|basicauth|secretkeybase|(api|access|secret|private|encryption|encrypt|signing|sign|auth|account|shared|master|session|license|hmac|jwt|ssh)key)$|(^|[^a-z])(pass|passwort|pw|psw|pwd|kek|creds?)$|sasurl$/;

/** Names that may be those of secrets: `OPENAI_KEY`, and `SONAR_PROJECT_KEY`. */
const VAGUE_NAME = /[^a-z]key$|(^|[^a-z])(pin|salt)$/;

/** A word with letters and digits, as hardly a name of something has it. */
const RANDOM_WORD = /^(?=\S*[a-z])(?=\S*\d)[^\s/:.,]{6,}$/i;

/** Names that end as those of secrets do, and are none. */
const HARMLESS_NAME = /^(old)?pwd$|public_?(access_?)?key$|(max|min|num|per)_?token$/;

/** Whether something with this name has a secret as its value: `PGPASSWORD`, `hf-token`, `openai.apiKey`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  if (HARMLESS_NAME.test(words)) return false;
  return SECRET_NAME.test(words) || SECRET_NAME.test(words.replaceAll('_', ''));
}

const wordsOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .toLowerCase();

/** Words of the names of keys of Secrets. */
const NAME_OF_KEY = /user|login|name|pass|pwd|secret|key|token|credential|auth|cert|admin|access|session|flask|mlflow/i;

/**
 * Whether a text that should be the name of a key of a Secret is more likely its value: a word of eight or more letters
 * and digits with a digit before a letter, as in no usual name.
 */
export const isUnlikelyKeyName = (text: string): boolean =>
  secretWithin(text) !== undefined ||
  (!NAME_OF_KEY.test(text) && text.split(/[-._]/).some((word) => word.length >= 8 && /\d[a-z]/i.test(word)));

const isVague = (name: string) => VAGUE_NAME.test(wordsOf(name)) && !HARMLESS_NAME.test(wordsOf(name));

/** What the value of a name contains that is a secret; undefined if nothing looks like one. */
export function secretIn(name: string, value: string): string | undefined {
  const isNamed = isSecretName(name) || (isVague(name) && RANDOM_WORD.test(value));
  if (isNamed && !isHarmless(value)) return 'a secret, by its name';
  return secretWithin(value);
}
