import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FileIsBeingWritten, writeAtomically } from '../../../lib/synth/output/atomic-write';
import { temporaryFolder } from '../../support/support';

let folder = '';
let file = '';
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, 'file.yaml');
});

const inPlace = { inPlace: true } as const;

test('creates the folders above, and leaves no partial file', () => {
  const deep = join(folder, 'a', 'b', 'file.yaml');
  writeAtomically(deep, 'text');
  writeAtomically(deep, 'other');
  expect(readFileSync(deep, 'utf8')).toBe('other');
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file.yaml']);
});

test('removes its partial file when the file cannot be replaced', () => {
  mkdirSync(file);
  expect(() => writeAtomically(file, 'text')).toThrow();
  expect(() => writeAtomically(file, 'text', inPlace)).toThrow();
  expect(readdirSync(folder)).toEqual(['file.yaml']);
});

describe('in place', () => {
  test('the mode and a link stay', () => {
    const link = join(folder, 'link.yaml');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    symlinkSync(file, link);
    writeAtomically(link, 'new', inPlace);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o640]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test('what verify throws leaves the old text, and no partial file', () => {
    writeFileSync(file, 'old');
    const verify = () => {
      expect(existsSync(`${file}.partial`)).toBe(true);
      throw new Error('changed');
    };
    expect(() => writeAtomically(file, 'new', { ...inPlace, verify })).toThrow('changed');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file.yaml']]);
  });

  test('of two that write, the second is refused and leaves the partial file of the first', () => {
    writeFileSync(`${file}.partial`, 'first');
    expect(() => writeAtomically(file, 'second', inPlace)).toThrow(FileIsBeingWritten);
    expect(readFileSync(`${file}.partial`, 'utf8')).toBe('first');
    expect(existsSync(file)).toBe(false);
  });
});
