import type { Grammar } from './grammar';

/** A duration of whole seconds, as Go reads it: `1h`, `15m`, `1h30m`. */
export const DURATION: Grammar = {
  pattern: /^(?=\d)(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}s)?$/,
  maximum: 64,
  form: 'a duration such as 1h, 15m or 90s',
};

/** A duration as Go writes it, which is what the API server stores: `90m` is `1h30m0s`, `0s` is `0s`. */
export function canonicalDuration(text: string): string {
  const amount = (unit: string) => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
  const seconds = amount('h') * 3600 + amount('m') * 60 + amount('s');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
