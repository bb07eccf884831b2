import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { blocksOf, inlineCodeOf, PAGES } from '../support/pages';
import { command, ROOT } from '../support/support';

/** Every command line of ours on a page is one that yargs takes, and reaches it whole through npm. */

const OURS = /(npm run (?:-s )?(?:init|seal|synth)\b|cdk8s-mlflow (?:init|seal|synth|schema)\b)([^|&;<>#\n]*)/g;

/** What follows `npm run SCRIPT` or the command, as words. No example needs quotes. */
const words = (text: string) => text.trim().split(/\s+/).filter(Boolean);

/** The arguments that a command line gives to the command; options that npm would take for its own are an error. */
function argumentsOf(called: string, rest: string): string[] {
  const [name = ''] = words(called).slice(-1);
  const given = words(rest);
  if (!called.startsWith('npm')) return [name, ...given];
  const end = given.indexOf('--');
  const before = end < 0 ? given : given.slice(0, end);
  const consumed = before.filter((each) => each.startsWith('-'));
  if (consumed.length > 0) throw new Error(`npm consumes ${consumed}`);
  return [name, ...before, ...(end < 0 ? [] : given.slice(end + 1))];
}

const commandLines = PAGES.flatMap(
  (page) =>
    [
      ...blocksOf(page).flatMap(({ language, text }) => (/^(sh|bash|)$/.test(language) ? [text] : [])),
      ...inlineCodeOf(page),
    ].flatMap((text) =>
      // A backslash at the end of a line continues it.
      [...text.replace(/\\\n/g, ' ').matchAll(OURS)].map(
        ([all, called = '', rest = '']) => [page, all.trim(), called, rest] as const,
      ),
    ),
  // The command by its name alone, as in "`cdk8s-mlflow seal` asks for them".
).filter(([, , called, rest]) => !(called.startsWith('cdk8s-mlflow') && rest.trim() === ''));

/** The commands, which yargs runs by their `handler`. */
const commands = readdirSync(join(ROOT, 'lib', 'cli'))
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file): unknown[] => Object.values(require(join(ROOT, 'lib', 'cli', file))))
  .filter(
    (exported): exported is CommandModule =>
      typeof exported === 'object' && exported !== null && 'handler' in exported && 'command' in exported,
  );
const handlers = commands.map(({ handler }) => handler);

beforeAll(() => {
  for (const each of commands) each.handler = () => {};
});

afterAll(() => {
  for (const [index, each] of commands.entries()) each.handler = handlers[index] ?? each.handler;
});

test('pages name many, and all commands are known here', () => {
  expect(commandLines.length).toBeGreaterThan(60);
  expect(commands.length).toBeGreaterThan(3);
});

test.each(commandLines)('%s: %s', async (_, __, called, rest) => {
  expect(await command(...argumentsOf(called, rest))).toMatchObject({ code: 0, stderr: '' });
});
