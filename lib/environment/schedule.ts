/** The fields of a schedule as the CronJob controller reads them: least, most, and names that stand for numbers. */
const FIELDS: readonly (readonly [least: number, most: number, names: readonly string[]])[] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];

/** Words in place of the fields. */
const WORDS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

/** Whether a text is a schedule: five fields, as in `30 3 * * 1-5`, or a word such as `@daily`. */
export function isSchedule(text: string): boolean {
  if (WORDS.test(text)) return true;
  const fields = text.split(' ');
  return fields.length === FIELDS.length && fields.every((field, index) => field.split(',').every(isPart(index)));
}

function isPart(index: number): (part: string) => boolean {
  const [least, most, names] = FIELDS[index] ?? [0, 0, []];
  const number = (text: string) => {
    const named = names.indexOf(text.toLowerCase());
    const value = named < 0 ? Number(/^\d{1,2}$/.exec(text)?.[0] ?? Number.NaN) : least + named;
    return value >= least && value <= most ? value : Number.NaN;
  };
  return (part) => {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
    if (range === '*') return true;
    const [from = '', to = from, ...rest] = range.split('-');
    return rest.length === 0 && number(from) <= number(to);
  };
}
