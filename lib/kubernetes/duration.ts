import type { Grammar } from './grammar';

/** A duration of whole seconds, as Go reads it: `1h`, `15m`, `1h30m`. */
export const DURATION: Grammar = {
  pattern: /^(?=\d)(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}s)?$/,
  maximum: 64,
  form: 'a duration such as 1h, 15m or 90s',
};

/** Seconds of a unit. */
const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** The seconds of a duration such as `1h30m` or `500ms`. */
export const secondsOf = (duration: string): number =>
  [...duration.matchAll(/(\d+)(ms|[hms])/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );

/** A duration as Go writes it, which is what the API server stores: `90m` is `1h30m0s`, `0s` is `0s`. */
export function canonicalDuration(text: string): string {
  const seconds = secondsOf(text);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
