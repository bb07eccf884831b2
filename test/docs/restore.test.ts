import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKUP_PROGRAMS, RESTORE_PROGRAMS } from '../../lib/components/backup/construct';
import { FINAL_CODES } from '../../lib/components/backup/pod';
import { VERIFICATION_PROGRAMS } from '../../lib/components/backup/verification/construct';
import { EXIT_CODES, exitRows, objectsOf, possibleExitWords, ROOT, resolution, SMALLEST } from '../support/support';

describe('docs/restore.md', () => {
  const page = readFileSync(join(ROOT, 'docs', 'restore.md'), 'utf8');

  test('has a row for every exit code, and for no other', () => {
    expect(EXIT_CODES).toEqual(expect.arrayContaining(exitRows(page)));
    const words = exitRows(page).map(([word]) => word);
    expect(words.toSorted()).toEqual(
      possibleExitWords([...BACKUP_PROGRAMS, ...RESTORE_PROGRAMS, ...VERIFICATION_PROGRAMS]),
    );
    expect(words.length).toBeGreaterThan(20);
  });

  test('knows the codes after which a Job is not tried again', () => {
    const final = EXIT_CODES.filter(([, code]) => FINAL_CODES.includes(Number(code))).map(([word]) => word);
    const store = ['store-full', 'backup-missing', 'backup-damaged', 'target-not-empty'];
    const programs = ['client-older', 'restore-failed', 'temporary-storage'];
    expect(final).toEqual(['schema-differs', 'release-older', ...programs, ...store, 'configuration']);
  });

  test('names the objects that there are', () => {
    const names = objectsOf({ ...SMALLEST, backup: { destination: { claim: {} } } }).map(
      ({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`,
    );
    const named = [...page.matchAll(/--from=(\S+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(names).toContain(name);
  });

  test('leads nowhere that is not there', () => {
    const links = [...page.matchAll(/\]\(([^)#]*)#?[^)]*\)/g)].map(([, path = '']) => path);
    expect(links.filter((path) => path !== '' && !existsSync(join(ROOT, 'docs', path)))).toEqual([]);
  });
});

test('the environment files of the page are valid', () => {
  const page = readFileSync(join(ROOT, 'docs', 'restore.md'), 'utf8');
  expect(page).toContain('claim: {} # or s3: { bucket: copies, endpoint: https://copies.example.com }');
  const backup = { destination: { claim: {} }, artifacts: true, retention: { count: 14, days: 60 } };
  expect(resolution({ ...SMALLEST, backup }).issues).toEqual([]);
});
