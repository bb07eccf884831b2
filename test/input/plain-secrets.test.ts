import { isSecretName, secretIn, secretWithin } from '../../lib/input/plain-secrets';

/** Secrets in plain text, by their name and by their form. */

test.each([
  ...['PGPASSWORD', 'hf-token', 'openai.apiKey', 'AWS_SECRET_ACCESS_KEY', 'clientSecret', 'DB_PASS', 'SECRET_KEY_BASE'],
  ...['ssh_key', 'Passphrase', 'MYSQL_PWD', 'BASIC_AUTH', 'storageAccountKey', 'SAS_URL'],
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
  ...['://:', '://a:', 'eyJ-', 'eyJa.', '"auth":"', 'basic ', 'bearer a', '--pass', '-', 'a-', '"', "'", '$(', 'SG.a'],
  ...['-----BEGIN A ', 'A ', 'sk-', 'x=', 'password', '&sig', '/', 'hvs.', ' '],
])('a long text of %j takes no time', (part) => {
  const text = part.repeat(200_000);
  const before = process.cpuUsage();
  secretIn('NOTE', text);
  secretIn(text.slice(0, 100_000), 'x');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(5);
});
