import { keyFileIssues } from '../../../lib/components/secrets/google-key-file';
import { valueIssues, valueWarnings } from '../../../lib/components/secrets/values';
import { resolved, SMALLEST } from '../../support/support';

/** Key files of service accounts, as users put them into Secrets. */

const FILE = {
  type: 'service_account',
  project_id: 'project-1',
  private_key: '-----BEGIN PRIVATE KEY-----\n$(HOME) %s "ü"\n',
  client_email: 'mlflow@project-1.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};

const environment = resolved({ ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts' } } });
const [key] = environment.requiredSecrets
  .flatMap(({ keys }) => keys)
  .filter(({ reader }) => reader === 'google-key-file');

test.each([
  ['as gcloud writes it', JSON.stringify(FILE, null, 2)],
  ['with a line break at its end', `${JSON.stringify(FILE)}\n`],
  ['for a federated identity, which has no key', JSON.stringify({ type: 'external_account', audience: '//iam' })],
])('a file is accepted %s', (_, text) => {
  if (!key) throw new Error('no key');
  expect(valueIssues(Buffer.from(text), key, environment)).toEqual([]);
  expect(valueWarnings(Buffer.from(text), key)).toEqual([]);
});

test.each<[string, string | Buffer, string]>([
  ['empty', '', 'is empty (enter a value)'],
  ['in UTF-16', Buffer.from(JSON.stringify(FILE), 'utf16le'), 'is no JSON object'],
  ['in Latin-1', Buffer.from('{"type": "ü"}', 'latin1'), 'is no JSON object'],
  ['a path', '/tmp/key.json', 'is no JSON object'],
  ['a list', '[]', 'is no JSON object'],
  ['encoded once more', Buffer.from(JSON.stringify(FILE)).toString('base64'), 'is no JSON object'],
  ['of no type', '{}', 'lacks type'],
  ...['private_key', 'client_email', 'token_uri'].flatMap((name): [string, string, string][] => [
    [`without ${name}`, JSON.stringify({ ...FILE, [name]: undefined }), `lacks ${name}`],
    [`with an empty ${name}`, JSON.stringify({ ...FILE, [name]: '' }), `lacks ${name}`],
  ]),
])('a file is refused that is %s', (_, text, message) => {
  if (!key) throw new Error('no key');
  const issues = valueIssues(Buffer.from(text), key, environment);
  expect(issues).toEqual([expect.stringContaining(message)]);
  expect(issues[0]).toMatch(/ \(.+\)$/);
  expect(issues[0]).not.toContain('BEGIN');
});

test('all that lacks is said at once', () => {
  expect(keyFileIssues('{"type": "service_account"}')).toHaveLength(3);
});
