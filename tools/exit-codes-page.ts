import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from './markdown-table';

const ROOT = join(__dirname, '..');

/** An exit code of the programs, as their module says it. */
interface ExitCode {
  readonly code: string;
  readonly word: string;
  readonly means: string;
  /** What it is about: the comment above it. */
  readonly about: string;
}

/** Every exit code, in the order of its module. @throws Error if one has no comment */
function exitCodes(): ExitCode[] {
  const text = readFileSync(join(ROOT, 'programs', 'common', 'exit_codes.py'), 'utf8');
  let about = '';
  return text.split('\n').flatMap((line) => {
    about = line === '' ? '' : (/^ {4}# (.*)\.$/.exec(line)?.[1] ?? about);
    const [, name, code, means] = /^ {4}([A-Z][A-Z0-9_]*) = (\d+)(?: {2}# (.*))?$/.exec(line) ?? [];
    if (name === undefined || code === undefined) return [];
    if (means === undefined) throw new Error(`${name} has no comment that says what it means`);
    if (about === '') throw new Error(`${name} is below no comment that says what it is about`);
    return { code, word: name.toLowerCase().replaceAll('_', '-'), means, about };
  });
}

/** The pages that say what to do about an exit code, in a row of a table. @throws Error if there is none */
function pagesOf(code: string, word: string, pages: ReadonlyMap<string, string>): string[] {
  const found = [...pages].flatMap(([name, text]) =>
    text.split('\n').some((line) => line.startsWith('|') && line.includes(`${code} | \`${word}\``)) ? [name] : [],
  );
  if (found.length === 0) throw new Error(`no page in docs says what to do about ${code} ${word}`);
  return found;
}

/** The reference page of the exit codes of the programs in the pods. */
export function exitCodesPage(): string {
  const docs = join(ROOT, 'docs');
  const names = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'exit-codes.md');
  const pages = new Map(names.sort().map((name) => [name, readFileSync(join(docs, name), 'utf8')]));
  return [
    '# Exit codes of the programs',
    '',
    'Generated from `programs/common/exit_codes.py`; change it there and run `npm run generate`.',
    '',
    'Every program that runs in a pod ends with 0, or with one of these codes and one line in its log that begins with the word. A code means the same whichever program ends with it. [The commands](commands.md#exit-codes) have codes of their own.',
    '',
    'The code of `prepare`, while its container is terminated:',
    '',
    '```sh',
    `kubectl -n mlflow get pod POD -o jsonpath='{.status.initContainerStatuses[?(@.name=="prepare")].state.terminated.exitCode}'`,
    '```',
    '',
    'Once Kubernetes has started it again, or waits to do so (`CrashLoopBackOff`), the code of the last attempt is in `lastState` instead of `state`.',
    '',
    ...markdownTable(
      ['code', 'word', 'about', 'means', 'what to do'],
      exitCodes().map(({ code, word, about, means }) => [
        code,
        `\`${word}\``,
        about,
        means,
        pagesOf(code, word, pages)
          .map((name) => `[${name.replace('.md', '')}](${name})`)
          .join(', '),
      ]),
    ),
    '',
  ].join('\n');
}
