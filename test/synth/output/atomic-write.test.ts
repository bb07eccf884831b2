import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkReplaceable, FileIsBeingWritten, replaceFile, writeFiles } from '../../../lib/synth/output/atomic-write';
import { partialOf } from '../../../lib/synth/output/partial-files';
import { temporaryFolder } from '../../support/support';

let folder = '';
let file = '';
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'file.yaml');
});

const nothing = () => undefined;

test('creates the folders above, and leaves no partial file', () => {
  const deep = join(folder, 'a', 'b', 'file.yaml');
  writeFiles([{ file: deep, text: 'text' }]);
  writeFiles([{ file: deep, text: 'other' }]);
  expect(readFileSync(deep, 'utf8')).toBe('other');
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.yaml']);
});

test('writes no file and creates no folder when one of them cannot be written', () => {
  writeFileSync(file, 'old');
  const below = { file: join(file, 'x'), text: 'new' };
  const others = [
    { file, text: 'new' },
    { file: join(folder, 'a', 'b', 'c'), text: 'new' },
  ];
  expect(() => writeFiles([...others, below])).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file.yaml']]);
});

test('removes its partial file when the file cannot be replaced, and names the file', () => {
  mkdirSync(file);
  const error = expect.objectContaining({ code: 'EISDIR', path: file });
  expect(() => writeFiles([{ file, text: 'text' }])).toThrow(error);
  expect(() => replaceFile({ file, text: 'text' }, nothing)).toThrow(error);
  expect(readdirSync(folder)).toEqual(['file.yaml']);
});

describe('a replaced file', () => {
  test('keeps its mode, and its owner and group if this user may set them', () => {
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(file, 1234, 2345);
    expect(replaceFile({ file, text: 'new' }, nothing)).toEqual([]);
    const { mode, uid, gid } = statSync(file);
    expect([readFileSync(file, 'utf8'), mode & 0o777]).toEqual(['new', 0o640]);
    if (isRoot) expect([uid, gid]).toEqual([1234, 2345]);
  });

  test('replaces a link and leaves what it leads to', () => {
    const link = join(folder, 'link.yaml');
    writeFileSync(file, 'old');
    symlinkSync(file, link);
    replaceFile({ file: link, text: 'new' }, nothing);
    expect([lstatSync(link).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([false, 'old']);
  });

  test('keeps its old text when verify throws', () => {
    writeFileSync(file, 'old');
    const verify = () => {
      expect(readdirSync(folder)).toHaveLength(2);
      throw new Error('changed');
    };
    expect(() => replaceFile({ file, text: 'new' }, verify)).toThrow('changed');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file.yaml']]);
  });

  test('is not replaced by two processes at once: the second is refused, and leaves the file of the first', () => {
    const first = partialOf(file);
    writeFileSync(first, 'first');
    expect(() => replaceFile({ file, text: 'second' }, nothing)).toThrow(FileIsBeingWritten);
    expect([readFileSync(first, 'utf8'), existsSync(file)]).toEqual(['first', false]);
  });
});

test('a check whether a file can be replaced changes nothing, also while another process replaces it', () => {
  writeFileSync(file, 'old');
  linkSync(file, partialOf(file));
  const before = readdirSync(folder);
  checkReplaceable({ file, text: 'new' });
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', before]);
});
