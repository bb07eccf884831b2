import { checkOptions } from '../../lib/mlflow/options';
import { release } from '../../lib/mlflow/releases';
import { OPTIONS, takesOption } from '../arbitraries/server';
import { RELEASES } from '../arbitraries/shared/releases';

describe('options', () => {
  test('are taken from the release on that brought them, to that from which on they harm', () => {
    for (const [name, { value }] of Object.entries(OPTIONS)) {
      for (const version of RELEASES) {
        const issues = checkOptions({ [name]: value }, release(version));
        const isTaken = takesOption(version, name as keyof typeof OPTIONS);
        expect([name, version, issues.length]).toEqual([name, version, isTaken ? 0 : 1]);
      }
    }
  });

  test.each([
    ['enable-workspaces', false],
    ['enable-workspaces', 'yes'],
    ['dev', true],
    ['artifacts-only', true],
    ['secrets-cache-ttl', '0x64'],
    ['registry-store-uri', 'postgresql://user:$(PGPASSWORD)@db/x'],
    ['registry-store-uri', 'postgresql://user:word@db/x'],
    ['registry-store-uri', 'postgresql+psycopg2:///$(X)'],
    ['x-frame-options', ''],
    ['x-frame-options', true],
    ['secrets-cache-ttl', 9],
    ['secrets-cache-ttl', 301],
    ['secrets-cache-ttl', 'x'],
    ['secrets-cache-ttl', 10.5],
    ['secrets-cache-ttl', true],
    ['--dev', true],
    ['gunicorn_opts', 'x'],
    ['backend-store-uri', 'postgresql://user:password@host/x'],
    ['constructor', 1],
  ])('%s: %s is refused', (name, value) => {
    expect(checkOptions({ [name]: value }, release('3.18.0'))).toHaveLength(1);
  });

  test.each([10, 300, '300'])('secrets-cache-ttl: %j is within its bounds', (value) => {
    expect(checkOptions({ 'secrets-cache-ttl': value }, release('3.18.0'))).toEqual([]);
  });
});
