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

/** How often words run, as fields. */
const MEANINGS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The longest time between two runs of a schedule within eight years, in hours. Changes of the clock do not count. */
export function longestGap(schedule: string): number {
  const fields = (MEANINGS[schedule] ?? schedule).split(' ');
  const [, hours = [], days, months, weekdays] = fields.map(valuesOf);
  const [, , anyDay, , anyWeekday] = fields.map((field) => field.startsWith('*'));
  const runsOn = (date: Date) => {
    const [isDay, isWeekday] = [days?.includes(date.getUTCDate()), weekdays?.includes(date.getUTCDay())];
    // Where both are given, one is enough.
    const fits = anyDay || anyWeekday ? isDay && isWeekday : isDay || isWeekday;
    return fits && months?.includes(date.getUTCMonth() + 1);
  };
  const dates = Array.from({ length: 8 * 366 }, (_, day) => day).filter((day) =>
    runsOn(new Date(Date.UTC(2024, 0, 1 + day))),
  );
  const least = (hours[0] ?? 0) + 24 - (hours.at(-1) ?? 0);
  const gaps = (numbers: readonly number[]) => numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
  return Math.max(...gaps(hours), ...gaps(dates).map((count) => (count - 1) * 24 + least));
}

/** The values that a field stands for, in order. */
function valuesOf(field: string, index: number): number[] {
  const [least, most, names] = FIELDS[index] ?? [0, 0, []];
  const number = (text: string) => {
    const named = names.indexOf(text.toLowerCase());
    return named < 0 ? Number(text) : least + named;
  };
  const ranges = field.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to = step ? `${most}` : from] = range === '*' ? [`${least}`, `${most}`] : range.split('-');
    return { from: number(from), to: number(to), step: Number(step ?? 1) };
  });
  const isIn = (value: number) =>
    ranges.some(({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0);
  return Array.from({ length: most - least + 1 }, (_, offset) => least + offset).filter(isIn);
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
