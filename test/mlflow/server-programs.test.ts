import fc from 'fast-check';
import { checkOptions } from '../../lib/mlflow/options';
import { release } from '../../lib/mlflow/releases';
import { GUNICORN } from '../../lib/mlflow/server-programs/gunicorn';
import { flagIssues, flagNames, type ServerProgram } from '../../lib/mlflow/server-programs/program';
import { UVICORN } from '../../lib/mlflow/server-programs/uvicorn';
import { wordsOf } from '../../lib/mlflow/server-programs/words';

/** Options of the server program in free text: each is accepted, or refused with what to do. */

const programs: readonly [option: string, version: string, program: ServerProgram][] = [
  ['uvicorn-opts', '3.18.0', UVICORN],
  ['gunicorn-opts', '3.1.0', GUNICORN],
];

const refused = (option: string, version: string, text: string) =>
  checkOptions({ [option]: text }, release(version)).map(({ message }) => message);

describe.each(programs)('%s', (option, version, program) => {
  test('has every option of its program once', () => {
    const names = flagNames(program);
    expect(new Set(names).size).toBe(names.length);
  });

  test('refuses each option in every way to write it, with what to do instead', () => {
    for (const { values = [], switches = [], refused: reason } of program.groups) {
      const written = [
        ...values.flatMap((name) =>
          name.startsWith('--') ? [`${name}=/x`, `${name} /x`, `'${name}=/x'`] : [`${name} 1`, `${name}1`],
        ),
        ...switches,
      ];
      for (const text of written) {
        const messages = refused(option, version, text);
        expect([text, messages.length]).toEqual([text, reason ? 1 : 0]);
        if (reason) expect(messages[0]).toMatch(/^contains .*, which .* \(.+\)$/);
      }
    }
  });

  test.each([
    ['--no-such-option', /is not an option/],
    ['--sslkeyfile=/x', /is not an option/],
    ['-z', /is not an option/],
    ['other:application', /a word that is no option/],
    ['--backlog', /without a value/],
    ['--backlog "5', /quotation/],
    ['--backlog 5\\', /quotation/],
    ["--backlog=5 '", /quotation/],
  ])('refuses %s, with which the server would not start', (text, message) => {
    expect(refused(option, version, text)).toEqual([expect.stringMatching(message)]);
  });

  test('names every option that it refuses', () => {
    const text = program === UVICORN ? '--port 1 --backlog=5 --reload' : '-b :1 --backlog=5 --reload';
    expect(refused(option, version, text)).toHaveLength(2);
  });
});

test.each([
  ['uvicorn-opts', '3.18.0', '--ssl-keyfile=/tls/key --ssl-certfile=/tls/crt', /use service\.tls/],
  ['uvicorn-opts', '3.3.0', '--host ::', /service\.port/],
  ['uvicorn-opts', '3.18.0', '--root-path /mlflow', /server\.staticPrefix/],
  ['uvicorn-opts', '3.18.0', '--workers=8', /server\.workers/],
  ['uvicorn-opts', '3.18.0', '--limit-concurrency=100', /probes.*server\.replicas/],
  ['uvicorn-opts', '3.18.0', '--timeout-graceful-shutdown=5', /server\.gracePeriod/],
  ['uvicorn-opts', '3.18.0', '--uds /tmp/x', /listens/],
  ['gunicorn-opts', '3.1.0', '--certf=/x --keyf=/x', /use service\.tls/],
  ['gunicorn-opts', '3.1.0', '-w4', /server\.workers/],
  ['gunicorn-opts', '3.1.0', '--threads 4', /server\.threads/],
  ['gunicorn-opts', '3.1.0', '--worker-class=gevent', /server\.threads/],
  ['gunicorn-opts', '3.1.0', '-e A=1', /server\.env/],
] as const)('%s of %s: %s is refused with what to use', (option, version, text, message) => {
  const messages = refused(option, version, text);
  expect(messages).toEqual(messages.map(() => expect.stringMatching(message)));
  expect(messages.length).toBeGreaterThan(0);
});

test('a text is taken apart as Python does it', () => {
  expect(wordsOf(String.raw`a  "b c" 'd "e' f\ g "h\"i\j"k ''`)).toEqual([
    'a',
    'b c',
    'd "e',
    'f g',
    String.raw`h"i\jk`,
    '',
  ]);
  expect(wordsOf('')).toEqual([]);
});

test('options survive being quoted', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(wordsOf(words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' '))).toEqual(words);
    }),
  );
});

test('any text is checked in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      for (const [, , program] of programs)
        for (const issue of flagIssues(program, text)) expect(issue).toMatch(/ \(.+\)$/s);
    }),
  );
});
