import fc from 'fast-check';
import { parse } from 'yaml';
import { InputError } from '../../lib/input/input-error';
import { EnvironmentError, formatIssue, formatPath } from '../../lib/input/issue';
import { oneLine, printable, quoted } from '../../lib/input/printable';
import { sampleSize } from '../support/sample-size';

const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const acting = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter((character) =>
  ACTING.test(character),
);
const INVISIBLE = ['\u034f', '\u115f', '\u1160', '\u17b4', '\u3164', '\ufe0f', '\uffa0', '\u{e0100}', '\ufffe'];

test('every control character, format character, line break and half of a character becomes an escape', () => {
  expect(acting.length).toBeGreaterThan(2000);
  for (const character of [...acting, ...INVISIBLE]) {
    const shown = printable(`a${character}b`);
    expect(shown).toMatch(/^a\\(u[0-9a-f]{4}|U[0-9a-f]{8})b$/);
    expect(Number.parseInt(shown.slice(3, -1), 16)).toBe(character.codePointAt(0));
  }
  expect(printable('\u001b[31m\u202eevil\u2069 é 日本 🔑')).toBe('\\u001b[31m\\u202eevil\\u2069 é 日本 🔑');
});

test('no way to name something in a message lets one through', () => {
  for (const character of acting) {
    const text = `x${character}y`;
    const at = { file: text, line: 1, column: 1 };
    const issue = { path: [text, 0, text], message: `is ${text}` };
    const made = [
      formatPath(issue.path),
      formatIssue(at, issue),
      oneLine(text),
      quoted(text),
      ...new InputError([text]).lines,
      new InputError([text]).message,
      new EnvironmentError([issue]).message,
    ];
    for (const line of made) expect(line).not.toMatch(ACTING);
  }
});

test('a printed text is printed as it is, and a quoted one is read back', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...acting, ...INVISIBLE, '"', '\\'), fc.string({ unit: 'grapheme', maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, (given) => {
      expect(printable(printable(given))).toBe(printable(given));
      if (!/\p{Surrogate}/u.test(given)) expect(parse(quoted(given))).toBe(given);
    }),
    { numRuns: sampleSize(100, 2000) },
  );
});

test('a message of several lines becomes one line', () => {
  expect(oneLine('  Invalid values:\r\n\t  Argument: x\n')).toBe('Invalid values: Argument: x');
});
