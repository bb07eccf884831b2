import { wordsOf } from '../../../mlflow/server-programs/words';
import { namesInclude } from '../contributions/reserved-variables';
import { isEverywhere } from './addresses';

/** Flags of uvicorn and gunicorn in one text, as `uvicorn-opts`, `gunicorn-opts` and `GUNICORN_CMD_ARGS` have them. */

/** Flags that load code or settings from a file, a folder or a module. Those of a prefix end with `*`. */
const FOREIGN = [
  ...['--app-dir', '--env-file', '--log-config*', '--reload*', '--factory'],
  ...['--config', '-c', '--pythonpath', '--chdir', '--paste*', '--spew', '--env', '-e'],
];

/** Flags whose value is the name of something built in, or of a module: it then has a dot or a colon. */
const NAMING_MODULES = ['--logger-class', '--worker-class', '-k', '--loop', '--http', '--ws', '--interface'];

interface Flag {
  readonly name: string;
  readonly value: string;
}

/** The flags of a text with their values, written as `--name=value`, `--name value` or `-nvalue`. */
function flagsIn(text: string): Flag[] {
  const words = wordsOf(text) ?? text.split(/\s+/);
  return words.flatMap((word, index) => {
    const [, long, given] = /^(--[\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (long) return [{ name: long, value: given ?? words[index + 1] ?? '' }];
    const [, short, rest] = /^(-\w)=?(.*)$/s.exec(word) ?? [];
    return short ? [{ name: short, value: rest || (words[index + 1] ?? '') }] : [];
  });
}

/** The flags of a text that load other code or settings. */
export const foreignFlags = (text: string): string[] =>
  flagsIn(text)
    .filter(({ name, value }) => namesInclude(FOREIGN, name) || (NAMING_MODULES.includes(name) && /[.:/]/.test(value)))
    .map(({ name }) => name);

/** Whether a list of addresses and blocks has everyone in it. */
export const admitsEveryone = (list: string): boolean =>
  list.split(',').some((each) => each.trim() === '*' || (each.includes('/') && isEverywhere(each.trim())));

/** Whether a client is believed which address it has, whatever its own is. */
export const trustsEveryProxy = (text: string): boolean =>
  flagsIn(text).some(
    ({ name, value }) =>
      ['--forwarded-allow-ips', '--proxy-allow-from', '--proxy-allow-ips'].includes(name) && admitsEveryone(value),
  );

/** Whether the access log has the header with the login. */
export const loggedHeaders = (text: string): boolean =>
  flagsIn(text).some(
    ({ name, value }) => name === '--access-logformat' && /\{(authorization|cookie|set-cookie)\}[io]/i.test(value),
  );
