import { isSecretName, secretIn, secretWithin } from '../../lib/input/plain-secrets';
import { expectLinear } from '../support/linear';

/** Secrets in plain text, by their name and by their form. */

test.each([
  ...['PGPASSWORD', 'hf-token', 'openai.apiKey', 'AWS_SECRET_ACCESS_KEY', 'clientSecret', 'DB_PASS', 'SECRET_KEY_BASE'],
  ...[
    'ssh_key',
    'Passphrase',
    'MYSQL_PWD',
    'BASIC_AUTH',
    'storageAccountKey',
    'SAS_URL',
    'LDAP_BIND_PW',
    'db.psw',
    'DB_PASSWORT',
  ],
])('%s is the name of a secret', (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each([
  ...['PWD', 'OLDPWD', 'PUBLIC_KEY', 'MAX_TOKEN', 'TOKEN_FILE', 'SECRET_NAME', 'PASSWORD_FILE', 'BYPASS', 'MONKEY'],
  ...['AWS_ACCESS_KEY_ID', 'TOKENS', 'COMPASS', 'KEY'],
])('%s is not', (name) => {
  expect(isSecretName(name)).toBe(false);
});

test('what stands for a secret is none', () => {
  for (const value of ['$(PGPASSWORD)', '<password>', '***', 'true', '', '/var/run/token', 'file:///etc/token']) {
    expect([value, secretIn('TOKEN', value)]).toEqual([value, undefined]);
  }
  expect(secretWithin('postgresql://$(PGUSER):$(PGPASSWORD)@db/x')).toBeUndefined();
});

test.each([
  ...['{{ .Values.token }}', '{{.token}}', `\${TOKEN}`, `\${env:TOKEN}`, '$TOKEN', '$http_token', '{{.a}}:{{.b}}'],
  ...['/gcp/key.json', '/vault/secrets/token', '/var/run/token', 'True'],
])('%s is no secret: as a value, a parameter or in JSON', (value) => {
  for (const text of [`token=${value}`, `--password=${value}`, `dbname=x password='${value}'`, `{"token": "${value}"}`])
    expect([text, secretWithin(text)]).toEqual([text, undefined]);
  for (const name of ['TOKEN', 'GOOGLE_APPLICATION_CREDENTIALS']) expect(secretIn(name, value)).toBeUndefined();
});

test.each([
  ...['{{ .a }}hunter2', `\${TOKEN:-hunter2}`, '$6$salt$hash', '/hunter2', '/aB3+x/Zk9', '$ecret-1', '1234', 'truth'],
])('%s is one', (value) => {
  for (const text of [`token=${value}`, `--password=${value}`, `{"token": "${value}"}`])
    expect([text, secretWithin(text)]).toEqual([text, expect.any(String)]);
  expect(secretIn('TOKEN', value)).toEqual('a secret, by its name');
});

test('a URL has no switches or files as its password', () => {
  for (const password of ['true', '123', '/var/run/x'])
    expect(secretWithin(`postgresql://a:${password}@db`)).toBe('a password in a URL');
  for (const password of [`\${PASSWORD}`, '$PASSWORD', '{{.password}}'])
    expect(secretWithin(`postgresql://a:${password}@db`)).toBeUndefined();
});

test('the value of an Authorization header is told from prose', () => {
  for (const text of [
    'basic auth-proxy2 in front',
    'bearer token-v2 and basic oauth2-proxy',
    'Basic, version 20260101',
  ])
    expect([text, secretWithin(text)]).toEqual([text, undefined]);
  for (const text of [
    'Authorization: Basic YTpwYXNz1',
    '{"Authorization": "Bearer abc-1234"}',
    'Basic YWRtaW46aHVudGVyMg==',
  ])
    expect([text, secretWithin(text)]).toEqual([text, 'the value of an Authorization header']);
});

test.each([
  ...['{{', '${', 'token={{', '"token":"${', '/a', 'Authorization: ', 'basic a/'],
  ...['://:', '://a:', 'eyJ-', 'eyJa.', '"auth":"', 'basic ', 'bearer a', '--pass', '-', 'a-', '"', "'", '$(', 'SG.a'],
  ...['-----BEGIN A ', 'A ', 'sk-', 'x=', 'password', '&sig', '/', 'hvs.', ' '],
])('the time for a long text of %j grows with it alone', (part) => {
  expectLinear((count) => {
    const text = part.repeat(count);
    secretIn('NOTE', text);
    secretIn(text.slice(0, count), 'x');
  }, 25_000);
});

test.each([
  'https://hooks.slack.com/workflows/T000/A000/1/abc',
  'https://discord.com/api/webhooks/1234567890/abc-def',
  'https://canary.discordapp.com/api/v10/webhooks/1234567890/abc-def',
  'https://example.webhook.office.com/webhookb2/abc@def/IncomingWebhook/x/y',
  `https://api.telegram.org/bot123456789:${'a'.repeat(35)}/sendMessage`,
])('%s lets everyone send messages', (url) => {
  expect(secretWithin(url)).toEqual(expect.any(String));
});

test.each([`whsec_${'a1'.repeat(16)}`, `123456789:${'aB-3_'.repeat(7)}`])('%s is a token', (token) => {
  expect(secretWithin(`x ${token}`)).toBe('a token');
});

test.each(['https://discord.com/channels/1', 'https://hooks.slack.com/', '12345678:00', 'whsec_'])(
  '%s is no secret',
  (text) => {
    expect(secretWithin(text)).toBeUndefined();
  },
);
