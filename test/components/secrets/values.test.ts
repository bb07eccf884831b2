import { valueIssues, valueWarnings } from '../../../lib/components/secrets/values';
import type { SecretReader } from '../../../lib/components/shared/contributions/secret-keys';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { LAB } from '../../support/sealing-setting';
import { resolved } from '../../support/support';

const NEWEST: EnvironmentInput = { ...LAB, image: { ...LAB.image, tag: '3.18.0-1' } };
const EMBEDDED: EnvironmentInput = { ...LAB, database: { embedded: {} } };

const PEOPLE: EnvironmentInput = {
  ...LAB,
  auth: {
    ...LAB.auth,
    oidc: { issuer: 'https://sso.example.com', clientId: 'a', redirectUrl: 'https://ml.example.com/oauth2/callback' },
  },
};
const SIGN_ON: readonly SecretReader[] = ['oidc-client-secret', 'cookie-secret', 'proxy-password'];

const keyOf = (input: EnvironmentInput, reader: SecretReader, isUsers = false) => {
  const keys = resolved(input).requiredSecrets.flatMap((secret) => secret.keys);
  const key = keys.find((each) => each.reader === reader && (each.section[1] === 'users') === isUsers);
  if (!key) throw new Error(`no key for ${reader}`);
  return key;
};

const azure = (credentials: object): EnvironmentInput => ({
  ...LAB,
  artifacts: { azure: { account: 'models', container: 'mlflow', credentials } },
});
const AZURE = azure({});
const SAS = azure({ sasTokenKey: 'sas' });

/** An environment that has such a value: the oldest release does not read all. */
const having = (reader: SecretReader): EnvironmentInput =>
  SIGN_ON.includes(reader)
    ? PEOPLE
    : reader === 'webhook-encryption-key' || reader === 'gateway-passphrase'
      ? NEWEST
      : LAB;

const issuesOf = (value: string | Buffer, reader: SecretReader, input = having(reader), isUsers = false): string[] =>
  valueIssues(Buffer.from(value), keyOf(input, reader, isUsers), resolved(input));

const VARIABLES: readonly SecretReader[] = [
  'database-username',
  'database-password',
  's3-access-key-id',
  's3-secret-access-key',
  'mlflow-username',
  'mlflow-password',
  'flask-secret-key',
  'gateway-passphrase',
  ...SIGN_ON,
];

describe.each(VARIABLES)('a value for %s', (reader) => {
  test('may be letters and digits', () => {
    expect(issuesOf('abcDEF0123456789', reader)).toEqual([]);
  });

  test.each([
    ['empty', '', /^is empty \(/],
    ['with a NUL', 'abcdefghijklmnop\0q', /^contains a NUL/],
    ['in Latin-1', Buffer.from('abcdefghijklmnöp', 'latin1'), /^is not valid UTF-8/],
    ['in UTF-16', Buffer.from('abcdefghijklmnop', 'utf16le'), /^contains a NUL/],
    ['with a line break at its end', 'abcdefghijklmnop\n', /^ends with a line break.*--strip-newline/],
    ['with one of Windows', 'abcdefghijklmnop\r\n', /^ends with a line break/],
    ['of 128 KiB', 'a'.repeat(128 * 1024), /bytes; an environment variable can have/],
    ['with a byte order mark', '\ufeffabcdefghijklmnop', /^begins with a byte order mark/],
  ])('is refused when it is %s', (_, value, message) => {
    const issues = issuesOf(value, reader);
    expect(issues[0]).toMatch(message);
    for (const issue of issues) expect(issue).toMatch(/ \(.+\)$/);
  });
});

describe('the rules of what reads a value', () => {
  test.each<[SecretReader, string, RegExp, EnvironmentInput?]>([
    ['database-username', 'postgres', /superuser/, EMBEDDED],
    ['database-username', 'pg_mlflow', /starts with pg_/, EMBEDDED],
    ['database-username', 'public', /reserved word/, EMBEDDED],
    ['database-username', 'ä'.repeat(32), /63 bytes/, EMBEDDED],
    ['database-password', `md5${'0123456789abcdef'.repeat(2)}`, /password hash/, EMBEDDED],
    ['database-password', 'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy', /password hash/, EMBEDDED],
    ['s3-access-key-id', 'with blank', /visible ASCII/],
    ['s3-access-key-id', 'a,b', /visible ASCII/],
    ['s3-access-key-id', 'schlüssel', /visible ASCII/],
    ['azure-account-key', 'no base64', /not base64/, AZURE],
    ['azure-account-key', 'AccountKey=c2VjcmV0', /not base64.*AccountKey=/, AZURE],
    ['azure-account-key', 'c2VjcmV', /not base64/, AZURE],
    ['azure-sas', 'https://a.blob.core.windows.net/c?sv=1&sig=x', /is no SAS/, SAS],
    ['azure-sas', 'sv=1&se=2', /is no SAS/, SAS],
    ['azure-sas', 'sv=1&sig=a b', /is no SAS/, SAS],
    ['mlflow-username', 'a:b', /colon/],
    ['mlflow-username', ' admin', /white space/],
    ['mlflow-username', 'ad\nmin', /line break/],
    ['mlflow-username', 'a'.repeat(256), /255/],
    ['mlflow-username', 'notebooks', /one of auth.users/],
    ['mlflow-username', 'jürgen', /outside ASCII/, NEWEST],
    ['mlflow-password', '11 letters.', /11 characters; MLflow requires 12/],
    ['mlflow-password', '🔑'.repeat(11), /11 characters/],
    ['mlflow-password', 'password1234', /public/],
    ['mlflow-password', 'schlüsselbund', /MLflow 3.18.0 then refuses the login/, NEWEST],
    ['flask-secret-key', '15 characters..', /forge sessions/],
    ['gateway-passphrase', '15 characters..', /decrypt API keys/],
    ['proxy-password', '15 characters..', /can be anybody/],
    ...['short', 'x'.repeat(20), 'x'.repeat(33), `${'x'.repeat(45)}=`, 'é'.repeat(15)].map(
      (value): [SecretReader, string, RegExp] => ['cookie-secret', value, /needs 16, 24 or 32/],
    ),
    ...['short', 'a'.repeat(43), `${'a'.repeat(42)}+=`, `${'a'.repeat(44)}=`].map(
      (value): [SecretReader, string, RegExp] => ['webhook-encryption-key', value, /URL-safe base64/],
    ),
  ])('refuse for %s the value %j', (reader, value, message, input = having(reader)) => {
    expect(issuesOf(value, reader, input)).toEqual([expect.stringMatching(message)]);
    // PostgreSQL's name of its superuser is no secret.
    if (value !== 'postgres') expect(issuesOf(value, reader, input).join()).not.toContain(value);
  });

  test.each<[SecretReader, string, EnvironmentInput?]>([
    ['database-username', 'postgres'],
    ['database-username', `u'"%/ é`, EMBEDDED],
    ['database-password', `md5${'0123456789abcdef'.repeat(2)}`],
    ['database-password', `md5${'x'.repeat(32)}`, EMBEDDED],
    ['database-password', ` p@ss:w/o%rd $(X) \${Y} \\ ' " \t é `],
    ['database-password', 'x'],
    ['s3-secret-access-key', 'a b+/=,%$(X)é'],
    ['azure-account-key', Buffer.alloc(64, 251).toString('base64'), AZURE],
    ['azure-sas', 'se=2030-01-01T00%3A00%3A00Z&sp=rcwdl&sv=2026-10-06&sr=c&sig=a%2Bb%3D', SAS],
    ['azure-sas', '?sv=1&sig=x', SAS],
    ['mlflow-username', 'jürgen'],
    ['mlflow-username', '#%;=jane'],
    ['mlflow-password', ' blanks 100%% at both ends '],
    ['mlflow-password', 'schlüsselbund'],
    ['mlflow-password', '🔑'.repeat(12)],
    ['webhook-encryption-key', `${'-_aZ09'.repeat(7)}A=`],
    ['oidc-client-secret', ' anything: 1 '],
    ['proxy-password', `the password: of the "pr%xy" é`],
    ...[16, 24, 32].map((length): [SecretReader, string] => ['cookie-secret', '%'.repeat(length)]),
    ...[22, 32, 43].map((length): [SecretReader, string] => ['cookie-secret', 'aB3_-x'.repeat(8).slice(0, length)]),
    ['cookie-secret', 'é'.repeat(16)],
    ['cookie-secret', `${'a'.repeat(43)}=`],
  ])('let for %s the value %j through', (reader, value, input = having(reader)) => {
    expect(issuesOf(value, reader, input)).toEqual([]);
  });

  test('let a declared user be called as the environment says, and not otherwise', () => {
    expect(issuesOf('notebooks', 'mlflow-username', LAB, true)).toEqual([]);
    expect(issuesOf('notebook', 'mlflow-username', LAB, true)).toEqual([expect.stringMatching(/^is not notebooks,/)]);
  });

  test('warn of what is legal and looks like an accident', () => {
    const warnings = (value: string) => valueWarnings(Buffer.from(value), keyOf(LAB, 'database-password'));
    expect(warnings('plain')).toEqual([]);
    expect(warnings('in between')).toEqual([]);
    expect(warnings('end ')).toEqual(['begins or ends with white space']);
    expect(warnings('a\tb')).toEqual(['contains a control character, such as a tab or a line break']);
  });
});
