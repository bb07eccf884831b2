import { isSchedule, longestGap, parseSchedule, whyNeverRuns } from '../../lib/kubernetes/cron';

describe('a schedule', () => {
  test.each([
    '30 3 * * *',
    '*/5 0-6,22 1,15 jan-JUN mon',
    '0 0 31 12 6',
    '0 0 1 1 SUN',
    '59 23 * * 1-5/2',
    '0 */12 * * *',
    '? 3 ? * ?',
    '0 3 */2 * 1',
    '@daily',
  ])('may be %s', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 0 * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 1 13 *',
    '0 0 * * 7',
    '5-1 * * * *',
    '*/0 * * * *',
    '1//2 * * * *',
    '1,,2 * * * *',
    '@reboot',
    'TZ=UTC 0 0 * * *',
    '0  3 * * *',
    'jan * * * *',
    '1-2-3 * * * *',
    '-1 * * * *',
    '1.5 * * * *',
    '99 99 99 99 99',
    '5- * * * *',
    'toString',
    '* * * * L',
    '@every 6h',
    '*/100 3 * * *',
    '005 3 * * *',
  ])('is not %j', (text) => {
    expect(isSchedule(text)).toBe(false);
  });
});

test.each<[string, number]>([
  ['30 3 * * *', 24],
  ['@daily', 24],
  ['@hourly', 1],
  ['*/15 * * * *', 1],
  ['0 6-18/4 * * *', 12],
  ['0 3/6 * * *', 6],
  ['30 3 * * 1-5', 72],
  ['30 3 * * mon,thu', 96],
  ['@weekly', 168],
  ['0 0 1,15 * *', 17 * 24],
  ['0 0 1 * 0', 168],
  ['@monthly', 31 * 24],
  ['0 0 1 */3 *', 92 * 24],
  ['@yearly', 366 * 24],
  // A step makes a restriction of the day of the month, and then one of the two days is enough.
  ['0 3 */2 * 1', 48],
  ['0 3 */1 * 1', 168],
  ['0 3 ? * 1', 168],
])('runs of %s are up to %d hours apart', (schedule, hours) => {
  expect(longestGap(schedule)).toBe(hours);
});

test.each([
  ['0 0 30 2 *', 'February has no day 30'],
  ['0 0 30,31 feb ?', 'February has no day 30'],
  ['0 0 31 4,6 *', 'April and June have no day 31'],
  ['0 0 31 2/2 *', undefined],
  ['0 0 29 2 *', undefined],
  ['0 0 30 2 1', undefined],
  ['0 0 * 2 *', undefined],
])('whether %s runs', (text, reason) => {
  const schedule = parseSchedule(text);
  expect(schedule && whyNeverRuns(schedule)).toBe(reason);
  expect(longestGap(text) < Number.POSITIVE_INFINITY).toBe(reason === undefined);
  expect(longestGap(text)).toBeGreaterThan(0);
});

test('a schedule has the values of its fields', () => {
  expect(parseSchedule('5,*/20 0-6/3 1 jan-mar,12 sun,3-4')).toEqual({
    minutes: [0, 5, 20, 40],
    hours: [0, 3, 6],
    days: [1],
    months: [1, 2, 3, 12],
    weekdays: [0, 3, 4],
    needsBothDays: false,
  });
  expect(parseSchedule('@weekly')).toMatchObject({ weekdays: [0], needsBothDays: true });
});
