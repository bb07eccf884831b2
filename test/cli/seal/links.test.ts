import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { partialOf } from '../../../lib/synth/output/partial-files';
import { Setting } from '../../support/sealing-setting';
import { contentsOf } from '../../support/support';
import { DATABASE } from './values';

/** A link is neither followed nor replaced: what it leads to, and its other names, would be another's. */

let lab: Setting;
beforeEach(() => {
  lab = new Setting();
});

const folder = () => dirname(lab.file);
const outside = () => join(lab.folder, 'outside.yaml');

const atTheFile: readonly (readonly [string, () => void])[] = [
  ['a link to a file of the folder', () => symlinkSync('environment.yaml', lab.file)],
  ['a link to a file of another folder', () => symlinkSync(lab.write('outside.yaml', '# theirs\n'), lab.file)],
  ['a link to a folder', () => symlinkSync('/', lab.file)],
  ['a link that leads nowhere', () => symlinkSync('nowhere.yaml', lab.file)],
  ['a link that leads nowhere outside of the folder', () => symlinkSync(outside(), lab.file)],
  ['a link to itself', () => symlinkSync('sealed-secrets.yaml', lab.file)],
];

test.each(atTheFile)('%s is refused as the file', async (_, prepare) => {
  prepare();
  const before = contentsOf(lab.folder);
  expect(await lab.sealValue('hunter2', ...DATABASE)).toMatchObject({
    code: 1,
    issues: [`${lab.file}: is a symbolic link (replace it with the file that it leads to, or remove it)`],
  });
  expect(contentsOf(lab.folder)).toEqual(before);
});

test('a hard link is refused as the file', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  linkSync(lab.file, outside());
  const before = readFileSync(outside());
  expect(await lab.sealValue('hunter3', ...DATABASE)).toMatchObject({
    code: 1,
    issues: [`${lab.file}: has 2 hard links, of which only this one would change (replace it with a copy of itself)`],
  });
  expect(readFileSync(outside())).toEqual(before);
});

test('a link is refused as the folder of the environment', async () => {
  const other = join(lab.folder, 'other');
  renameSync(folder(), other);
  symlinkSync(other, folder());
  const before = contentsOf(other);
  expect(await lab.sealValue('hunter2', ...DATABASE)).toMatchObject({
    code: 1,
    issues: [`${folder()}: is a symbolic link (move the folder that it leads to here)`],
  });
  expect(contentsOf(other)).toEqual(before);
});

test('a link above the folder of the environment is followed', async () => {
  const other = join(lab.folder, 'other');
  renameSync(lab.environments, other);
  symlinkSync(other, lab.environments);
  expect(await lab.sealValue('hunter2', ...DATABASE)).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(other))).toContain('lab/sealed-secrets.yaml');
});

test('a link that was put there while another process was writing is not followed by its partial file', async () => {
  symlinkSync(outside(), partialOf(lab.file));
  expect(await lab.sealValue('hunter2', ...DATABASE)).toMatchObject({ code: 0 });
  expect(() => readFileSync(outside())).toThrow('ENOENT');
});

test('a folder is refused as the file', async () => {
  rmSync(lab.file, { force: true });
  mkdirSync(lab.file);
  const { code, issues } = await lab.sealValue('hunter2', ...DATABASE);
  expect([code, issues]).toEqual([1, [expect.stringContaining('sealed-secrets.yaml:1:1 is a folder')]]);
});
