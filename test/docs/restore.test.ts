import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BACKUP_PROGRAMS, RESTORE_PROGRAMS } from '../../lib/components/backup/construct';
import { FINAL_CODES } from '../../lib/components/backup/pod';
import { VERIFICATION_PROGRAMS } from '../../lib/components/backup/verification/construct';
import { EXIT_CODES, exitRows, objectsOf, possibleExitWords, ROOT, resolution, SMALLEST } from '../support/support';

const read = (page: string) => readFileSync(join(ROOT, 'docs', page), 'utf8');

describe('docs/backups.md', () => {
  const page = read('backups.md');

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
    const names = objectsOf({ ...SMALLEST, backup: { destination: { claim: {} }, verification: {} } }).map(
      ({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`,
    );
    const pages = read('back-up-and-restore.md') + page + read('backup-verification.md');
    const named = [...pages.matchAll(/--from=(\S+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(names).toContain(name);
  });
});

test('the destination in the comment of docs/back-up-and-restore.md is valid too', () => {
  const example = 's3: { bucket: copies, endpoint: https://copies.example.com }';
  expect(read('back-up-and-restore.md')).toContain(`claim: {} # or ${example}\n`);
  expect(resolution({ ...SMALLEST, backup: { destination: parse(example) } }).issues).toEqual([]);
});
