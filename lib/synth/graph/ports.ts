import type { Container } from '../../kubernetes/objects';

/** Ports that follow each other. */
export interface PortRange {
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
  /** Set if only the pods at the other end know the number. */
  readonly name?: string;
}

/** A port of a policy, as plain data. */
export interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** Every protocol that a policy can name. */
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** The highest port. */
const LAST = 65_535;

const everyPort = (protocol: string): PortRange => ({ protocol, first: 1, last: LAST });

/** Every port of every protocol. */
export const ANY_PORT: readonly PortRange[] = PROTOCOLS.map(everyPort);

/** One port. */
export const onePort = (port: number, protocol = 'TCP'): PortRange => ({ protocol, first: port, last: port });

/**
 * The ports that a rule of a policy allows.
 *
 * @param containers those of the pods that listen, which know the numbers of named ports. Without them a name stays.
 */
export function portsOf(ports: readonly PolicyPort[] = [], containers?: readonly Container[]): PortRange[] {
  if (ports.length === 0) return [...ANY_PORT];
  return merged(
    ports.flatMap(({ protocol = 'TCP', port, endPort }): PortRange[] => {
      if (port === undefined) return [everyPort(protocol)];
      if (typeof port === 'number') return [{ protocol, first: port, last: endPort ?? port }];
      if (!containers) return [{ ...everyPort(protocol), name: port }];
      return namedPorts(port, protocol, containers).map((number) => onePort(number, protocol));
    }),
  );
}

/** The numbers that containers give to a named port. */
export const namedPorts = (name: string, protocol: string, containers: readonly Container[]): number[] =>
  containers
    .flatMap(({ ports = [] }) => ports)
    .filter((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)
    .map(({ containerPort }) => containerPort);

/** The same ports in order, in as few ranges as possible. */
export function merged(ranges: readonly PortRange[]): PortRange[] {
  const named = new Map(ranges.flatMap((range) => (range.name ? [[`${range.protocol} ${range.name}`, range]] : [])));
  const result: PortRange[] = [];
  for (const range of ranges.filter(({ name }) => name === undefined).toSorted(byPort)) {
    const before = result.at(-1);
    if (before && before.protocol === range.protocol && range.first <= before.last + 1) {
      result[result.length - 1] = { ...before, last: Math.max(before.last, range.last) };
    } else result.push(range);
  }
  return [...result, ...named.values()];
}

const byPort = (a: PortRange, b: PortRange): number =>
  a.protocol === b.protocol ? a.first - b.first : a.protocol < b.protocol ? -1 : 1;

/** The ports that are in both. A port of which only the name is known is in neither. */
export function intersection(a: readonly PortRange[], b: readonly PortRange[]): PortRange[] {
  const both = numbered(a).flatMap((one) =>
    numbered(b)
      .filter(({ protocol }) => protocol === one.protocol)
      .map(({ protocol, first, last }) => ({
        protocol,
        first: Math.max(one.first, first),
        last: Math.min(one.last, last),
      })),
  );
  return merged(both.filter(({ first, last }) => first <= last));
}

/** Whether the first contain all of the second. */
export const covers = (whole: readonly PortRange[], part: readonly PortRange[]): boolean =>
  part.every((range) =>
    merged(numbered(whole)).some(
      ({ protocol, first, last }) => protocol === range.protocol && first <= range.first && range.last <= last,
    ),
  );

/** Whether it is every port of its protocol. */
export const isWhole = ({ first, last, name }: PortRange): boolean => name === undefined && first <= 1 && last === LAST;

/** What is left of a range without a part of it. A range of which only the name is known, or that is whole, stays. */
export function without(range: PortRange, part: PortRange): PortRange[] {
  if (range.name !== undefined || isWhole(range) || !covers([range], [part])) return [range];
  return [
    { ...range, last: part.first - 1 },
    { ...range, first: part.last + 1 },
  ].filter(({ first, last }) => first <= last);
}

const numbered = (ranges: readonly PortRange[]) => ranges.filter(({ name }) => name === undefined);

/** Ports as a reader names them: `TCP 5000`, `TCP/UDP 53`, `any TCP port`. Those of protocols with the same numbers once. */
export function describePorts(ranges: readonly PortRange[]): string {
  if (ranges.length === 0) return '';
  const byNumbers = new Map<string, string[]>();
  for (const protocol of new Set(ranges.map((range) => range.protocol))) {
    const numbers = ranges.filter((range) => range.protocol === protocol).map(numbersOf);
    const text = numbers.join(', ');
    byNumbers.set(text, [...(byNumbers.get(text) ?? []), protocol]);
  }
  return [...byNumbers]
    .map(([numbers, protocols]) => {
      if (numbers !== ANY) return `${protocols.join('/')} ${numbers}`;
      return protocols.length === PROTOCOLS.length ? 'any port' : `any ${protocols.join('/')} port`;
    })
    .join(', ');
}

const ANY = 'any';

function numbersOf(range: PortRange): string {
  const { first, last, name } = range;
  if (name) return name;
  if (isWhole(range)) return ANY;
  return first === last ? String(first) : `${first}–${last}`;
}
