import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../lib/input/read-file';
import { readTextFile } from '../../lib/input/read-text';
import { temporaryFolder } from '../support/support';

/** What hangs a reader that is wrong is in `test/cli/special-files.test.ts`, in processes that can be ended. */

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});
const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

test('a regular file is read byte for byte, also through a link', () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
  const file = write('file', bytes);
  symlinkSync('file', join(folder, 'link'));
  expect(readRegularFile(file)).toEqual({ bytes });
  expect(readRegularFile(join(folder, 'link'))).toEqual({ bytes });
  expect(readRegularFile(write('empty', ''))).toEqual({ bytes: Buffer.alloc(0) });
});

test('a file may have as many bytes as the limit, and a larger one is refused by its size', () => {
  expect(readRegularFile(write('limit', Buffer.alloc(10)), 10)).toEqual({ bytes: Buffer.alloc(10) });
  expect(readRegularFile(write('more', Buffer.alloc(11)), 10)).toMatchObject({ reason: 'content' });
  // Far more than the memory of this machine, and no block on the disk.
  const huge = write('huge', '');
  truncateSync(huge, 2 ** 43);
  expect(readTextFile(huge)).toEqual({ message: 'is larger than 1 MiB (is it the right one?)', reason: 'content' });
});

test('nothing, a folder, a link that leads to itself, and a name that is none are told apart', () => {
  mkdirSync(join(folder, 'folder'));
  symlinkSync('loop', join(folder, 'loop'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  const file = write('file', 'a');
  expect(
    ['none', 'dangling', 'file/none', 'folder', 'loop', 'a\0b'].map((name) => readRegularFile(join(folder, name))),
  ).toMatchObject([
    { message: 'does not exist', reason: 'missing' },
    { message: 'does not exist', reason: 'missing' },
    { message: 'does not exist', reason: 'missing' },
    { message: 'is a folder (name the file)', reason: 'irregular' },
    { message: 'cannot be read: too many symbolic links (check what they lead to)', reason: 'unreadable' },
    { message: 'cannot be read (ERR_INVALID_ARG_VALUE)', reason: 'unreadable' },
  ]);
  expect(readRegularFile(file)).toEqual({ bytes: Buffer.from('a') });
});

const ENVIRON = '/proc/self/environ';
(existsSync(ENVIRON) ? test : test.skip)('of a file that claims to be empty nothing is read', () => {
  expect(readRegularFile(ENVIRON)).toEqual({ bytes: Buffer.alloc(0) });
});

(existsSync('/dev/zero') ? test : test.skip)('a device is refused', () => {
  expect(readTextFile('/dev/zero')).toEqual({ message: 'is a device (name a regular file)', reason: 'irregular' });
});
