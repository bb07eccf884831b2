import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesOf, withVersion } from './changelog';

/**
 * The steps of a release that RELEASE.md does not leave to a person:
 *
 * - `start` (from `npm version`) gives the changes that were not released the version of package.json;
 * - `notes TAG` prints what the changelog says of a version, for the page of the release. Fails if the tag is not that of
 *   package.json, or the changelog does not have it.
 */
const CHANGELOG = join(__dirname, '..', 'CHANGELOG.md');

const text = readFileSync(CHANGELOG, 'utf8');
const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };

const [step, tag] = process.argv.slice(2);
if (step === 'start') {
  writeFileSync(CHANGELOG, withVersion(text, version, new Date().toISOString().slice(0, 10)));
} else if (step === 'notes') {
  const notes = notesOf(text, version);
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, package.json says v${version}`);
  if (notes === undefined) throw new Error(`CHANGELOG.md does not have ${version}`);
  console.log(notes);
} else {
  throw new Error('usage: release.ts start | notes TAG');
}
