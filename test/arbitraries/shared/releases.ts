/** From the oldest to one that is newer than any known, with those at which something changes. */
export const RELEASES = [
  ...['3.1.0', '3.1.4', '3.2.0', '3.3.0', '3.3.2', '3.4.0', '3.5.0', '3.5.1', '3.6.0', '3.7.0', '3.8.1', '3.9.0'],
  ...['3.10.0', '3.10.1', '3.11.1', '3.12.0', '3.13.0', '3.14.0', '3.15.2', '3.16.0', '3.17.2', '3.18.0', '3.19.0'],
] as const;

/** Whether one release is at least another. Independent of the product, so that a mistake there is not repeated here. */
export function atLeast(version: string, other: string): boolean {
  const order = (text: string) => text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  return order(version) >= order(other);
}
