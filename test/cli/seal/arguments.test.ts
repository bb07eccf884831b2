import fc from 'fast-check';
import { Setting } from '../../support/sealing-setting';
import { command } from '../../support/support';
import { DATABASE } from './values';

/** What is typed after `seal`, or after a misspelled command, may be a value: no message repeats it. */

const lab = new Setting();
const where = ['--environments', lab.environments];
const [SECRET, KEY] = DATABASE;

/** The command lines that a value is in, and that are refused. */
const LINES: Readonly<Record<string, (value: string) => readonly string[]>> = {
  'as the environment': (value) => ['seal', value],
  'as the environment, before a Secret': (value) => ['seal', value, SECRET, KEY],
  'as the Secret': (value) => ['seal', 'lab', value],
  'as the key': (value) => ['seal', 'lab', SECRET, value],
  'after the key': (value) => ['seal', 'lab', SECRET, KEY, value],
  'after the key, twice': (value) => ['seal', 'lab', SECRET, KEY, value, value],
  'after --': (value) => ['seal', 'lab', SECRET, KEY, '--', value],
  'as a value of an unknown option': (value) => ['seal', 'lab', SECRET, KEY, '--value', value],
  'as a value of an unknown option, with =': (value) => ['seal', 'lab', SECRET, KEY, `--value=${value}`],
  'as an unknown option': (value) => ['seal', 'lab', SECRET, KEY, `--${value}`],
  'as an unknown option, with and without a value': (value) => ['seal', 'lab', `--${value}=x`, `--${value}`],
  'as a short option': (value) => ['seal', 'lab', SECRET, KEY, '-p', value],
  'as short options': (value) => ['seal', 'lab', SECRET, KEY, `-p${value}`],
  'as a value of a flag': (value) => ['seal', 'lab', SECRET, KEY, `--generate=${value}`],
  'as a variable': (value) => ['seal', 'lab', SECRET, KEY, '--from-env', value],
  'as a file': (value) => ['seal', 'lab', SECRET, KEY, '--from-file', value],
  'twice as a file': (value) => ['seal', 'lab', SECRET, KEY, '--from-file', value, '--from-file', value],
  'after a misspelled command': (value) => ['sela', 'lab', SECRET, KEY, value],
  'after no command': (value) => ['lab', SECRET, KEY, value],
  'as an option of a misspelled command': (value) => ['sela', 'lab', `--${value}`],
  'as a value of an option of a misspelled command': (value) => ['sela', 'lab', `--value=${value}`],
  'as a value of an option of synth, after a misspelled command': (value) => ['sela', `--explain=${value}`],
};

test.each(Object.keys(LINES))('a value is not repeated: %s', async (name) => {
  // Long enough that no message contains it by chance.
  const values = fc.oneof(
    fc.string({ minLength: 8, maxLength: 24, unit: 'grapheme-ascii' }),
    fc.stringMatching(/^[a-z0-9]{8,24}$/),
    // Similar to what would be right.
    fc.constantFrom('lab-hunter2', `${SECRET}-x`, `${KEY}-hunter2`, 'from-filehunter2'),
  );
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const { code, stdout, stderr } = await command(...(LINES[name]?.(value) ?? []), ...where);
      expect(code).toBe(1);
      const [plain] = value.split('=');
      for (const text of [value, value.trim(), plain ?? ''].filter(({ length }) => length > 6)) {
        expect(stdout + stderr).not.toContain(text);
      }
    }),
    { numRuns: 30 },
  );
});

test('an unknown environment of synth is named', async () => {
  expect(await command('synth', 'lap', ...where)).toMatchObject({
    code: 1,
    issues: ['lap: is not an environment (did you mean lab?)'],
  });
  expect(await command('lab', 'lap', ...where)).toMatchObject({
    code: 1,
    issues: ['argument 2: is not an environment (did you mean lab?)'],
  });
});
