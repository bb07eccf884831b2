/**
 * Schedules of CronJobs, in the syntax that the documentation of CronJobs describes, with the meaning that the controller's
 * parser gives it. That parser accepts more (`@every 6h`, steps above 99, numbers such as 005), which is refused here.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 * @see https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */

/** When a schedule runs: the values of each field, in ascending order. */
export interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  /** Whether both the day of the month and the day of the week must fit; else one of them is enough. */
  readonly needsBothDays: boolean;
}

interface Field {
  readonly minimum: number;
  readonly maximum: number;
  /** Names of the values, from the minimum on. */
  readonly names?: readonly string[];
}

const MINUTE: Field = { minimum: 0, maximum: 59 };
const HOUR: Field = { minimum: 0, maximum: 23 };
const DAY: Field = { minimum: 1, maximum: 31 };
const MONTH: Field = {
  minimum: 1,
  maximum: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAY: Field = { minimum: 0, maximum: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

/** Words for whole schedules. */
const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a schedule: five fields, as in `30 3 * * 1-5`, or a word such as `@daily`.
 *
 * @returns undefined when the text is not a schedule.
 */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (Object.hasOwn(WORDS, text) ? (WORDS[text] ?? '') : text).split(' ');
  if (fields.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const minutes = parseField(minute, MINUTE);
  const hours = parseField(hour, HOUR);
  const days = parseField(day, DAY);
  const months = parseField(month, MONTH);
  const weekdays = parseField(weekday, WEEKDAY);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const needsBothDays = days.isAny || weekdays.isAny;
  return {
    minutes: minutes.values,
    hours: hours.values,
    days: days.values,
    months: months.values,
    weekdays: weekdays.values,
    needsBothDays,
  };
}

/** Whether a text is a schedule. */
export function isSchedule(text: string): boolean {
  return parseSchedule(text) !== undefined;
}

const MONTH_NAMES = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** The most days that a month can have; 2024 is a leap year. */
const daysIn = (month: number) => new Date(Date.UTC(2024, month, 0)).getUTCDate();

/**
 * Why a schedule never runs: `February has no day 30`.
 *
 * @returns undefined when it runs.
 */
export function whyNeverRuns({ days, months, needsBothDays }: Schedule): string | undefined {
  const [first = 0] = days;
  // Without `*` in either field, a day of the week is enough.
  if (!needsBothDays || months.some((month) => first <= daysIn(month))) return undefined;
  const names = months.map((month) => MONTH_NAMES[month - 1]).join(' and ');
  return `${names} ${months.length > 1 ? 'have' : 'has'} no day ${first}`;
}

/** How often a schedule runs on a day on which it does; not a number if the text is no schedule. */
export function runsPerDay(text: string): number {
  const { minutes, hours } = parseSchedule(text) ?? {};
  return minutes && hours ? minutes.length * hours.length : Number.NaN;
}

/**
 * The longest time between two runs of a schedule within eight years, in hours; infinite if it never runs. Changes of the
 * clock do not count.
 */
export function longestGap(text: string): number {
  const known = gaps.get(text) ?? computedGap(text);
  gaps.set(text, known);
  return known;
}

/** The longest gap of each schedule: computing one looks at every day of eight years. */
const gaps = new Map<string, number>();

function computedGap(text: string): number {
  const schedule = parseSchedule(text);
  if (!schedule) return Number.NaN;
  const { hours } = schedule;
  const dates = Array.from({ length: 8 * 366 }, (_, day) => day).filter((day) =>
    runsOn(schedule, new Date(Date.UTC(2024, 0, 1 + day))),
  );
  if (dates.length === 0) return Number.POSITIVE_INFINITY;
  const overnight = (hours[0] ?? 0) + 24 - (hours.at(-1) ?? 0);
  return Math.max(...differences(hours), ...differences(dates).map((days) => (days - 1) * 24 + overnight));
}

function runsOn({ days, months, weekdays, needsBothDays }: Schedule, date: Date): boolean {
  const isDay = days.includes(date.getUTCDate());
  const isWeekday = weekdays.includes(date.getUTCDay());
  return months.includes(date.getUTCMonth() + 1) && (needsBothDays ? isDay && isWeekday : isDay || isWeekday);
}

const differences = (numbers: readonly number[]): number[] =>
  numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));

interface FieldValues {
  readonly values: readonly number[];
  /** Whether a part of the field is `*` without a step, which the controller remembers. */
  readonly isAny: boolean;
}

function parseField(text: string, field: Field): FieldValues | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(',')) {
    const range = parseRange(part, field);
    if (!range) return undefined;
    ranges.push(range);
  }
  const all = Array.from({ length: field.maximum - field.minimum + 1 }, (_, offset) => field.minimum + offset);
  const isIn = (value: number) =>
    ranges.some(({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0);
  return { values: all.filter(isIn), isAny: ranges.some(({ isAny }) => isAny) };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isAny: boolean;
}

/** Reads `*`, `?`, `5`, `5-9` or one of them with a step: `5/2` runs from 5 to the maximum. */
function parseRange(text: string, field: Field): Range | undefined {
  const [range = '', stepText, ...furtherSteps] = text.split('/');
  if (furtherSteps.length > 0 || (stepText !== undefined && !/^[1-9]\d?$/.test(stepText))) return undefined;
  const step = Number(stepText ?? 1);
  if (range === '*' || range === '?') return { from: field.minimum, to: field.maximum, step, isAny: step === 1 };
  const [first = '', last, ...furtherEnds] = range.split('-');
  const from = parseValue(first, field);
  const end = stepText === undefined ? from : field.maximum;
  const to = last === undefined ? end : parseValue(last, field);
  if (furtherEnds.length > 0 || from === undefined || to === undefined || from > to) return undefined;
  return { from, to, step, isAny: false };
}

/** Reads a number or a name. */
function parseValue(text: string, { minimum, maximum, names = [] }: Field): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return minimum + index;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= minimum && value <= maximum ? value : undefined;
}
