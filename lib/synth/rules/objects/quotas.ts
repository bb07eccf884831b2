import { nearest } from '../../../input/did-you-mean';
import { isRecord } from '../../../input/is-record';
import { formatPath, type Path } from '../../../input/issue';
import { matches } from '../../../kubernetes/grammar';
import { LABEL_KEY } from '../../../kubernetes/labels';
import { anyQuantityValue } from '../../../kubernetes/quantity';
import {
  isCounted,
  isOvercommitted,
  isResourceOf,
  RESOURCE_NAMES,
  type ResourcePlace,
} from '../../../kubernetes/resource-names';
import type { Manifest } from '../../manifest';
import type { Rule, Violation } from '../rule';

/** Quotas and limits of a namespace have names and amounts that the API server accepts. */
export const validQuotas: Rule = {
  name: 'valid-quotas',
  reason: 'the API server refuses a quota or limits with an unknown resource or an amount that is no quantity',
  patched: 'issue',
  check: (objects) =>
    objects.flatMap((object) => {
      if (object.apiVersion !== 'v1') return [];
      const spec = (object.spec ?? {}) as { readonly hard?: Amounts; readonly limits?: readonly Limits[] };
      const found =
        object.kind === 'ResourceQuota'
          ? quotaFindings(spec.hard ?? {})
          : limitRangeFindings(object, spec.limits ?? []);
      return found.map(({ path, message }): Violation => ({ object, path, message: `${formatPath(path)} ${message}` }));
    }),
};

/** Amounts by the name of a resource. */
type Amounts = Readonly<Record<string, unknown>>;

interface Finding {
  readonly path: Path;
  readonly message: string;
}

function quotaFindings(hard: Amounts): Finding[] {
  return Object.entries(hard).flatMap(([name, amount]) => {
    const path = ['spec', 'hard', name];
    if (!isResourceOf('quota', name)) return [{ path, message: `is not a resource of a quota (${quotaHint(name)})` }];
    const value = anyQuantityValue(String(amount));
    if (Number.isNaN(value)) return [notQuantity(path)];
    if (value < 0) return [{ path, message: `is ${amount}, less than 0 (use at least 0)` }];
    return isCounted(name) && !Number.isInteger(value) ? [{ path, message: 'is not whole (use a whole number)' }] : [];
  });
}

function quotaHint(name: string): string {
  if (name === 'storage') return 'did you mean requests.storage?';
  const written = inEitherOrder(name);
  // A resource with its group, as count/ has it.
  const isGrouped = /^[a-z]+\.[a-z][-a-z0-9.]*$/.test(name) && !/^(requests?|limits?)\./.test(name);
  if (isGrouped && !written) return `use count/${name}`;
  const meant = written ?? nearest(name, RESOURCE_NAMES.quota);
  return meant
    ? `did you mean ${meant}?`
    : 'use one such as requests.cpu, limits.memory, pods, count/RESOURCE.GROUP or requests.example.com/NAME';
}

/** The words that names with a dot consist of: requests, limits, cpu, services, nodeports and others. */
const WORDS = [
  ...new Set(RESOURCE_NAMES.quota.filter((name) => name.includes('.')).flatMap((name) => name.split('.'))),
];

/** The name that consists of the words of another, or of similar ones, in their order or the other. */
function inEitherOrder(name: string): string | undefined {
  const words = name.split('.').map((word) => nearest(word, WORDS));
  return [words, words.toReversed()].map((each) => each.join('.')).find((each) => RESOURCE_NAMES.quota.includes(each));
}

const notQuantity = (path: Path): Finding => ({
  path,
  message: 'is not a quantity (write one such as 500m or 1Gi)',
});

/** The limits of one type. */
interface Limits extends Readonly<Partial<Record<Field, Amounts>>> {
  readonly type?: string;
}

const FIELDS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type Field = (typeof FIELDS)[number];

/** Types of limits, with what has resources of its own there. */
const TYPES: Readonly<Record<string, { readonly place: ResourcePlace; readonly of: string }>> = {
  Container: { place: 'container', of: ' of a container' },
  Pod: { place: 'container', of: ' of a pod' },
  PersistentVolumeClaim: { place: 'any', of: '' },
};

function limitRangeFindings({ kind }: Manifest, items: readonly Limits[]): Finding[] {
  if (kind !== 'LimitRange') return [];
  return items.flatMap((item, index) => {
    const at = ['spec', 'limits', index];
    const { type = '' } = item;
    const isRepeated = items.slice(0, index).some((other) => other.type === type);
    const typeFindings = [
      ...(isRepeated ? [{ path: [...at, 'type'], message: `is ${type}, as another one (merge the two)` }] : []),
      ...wrongType([...at, 'type'], type),
    ];
    if (typeFindings.length > 0) return typeFindings;
    const unfit = [...misplaced(at, item), ...FIELDS.flatMap((field) => amountFindings(at, item, field))];
    return unfit.length > 0 ? unfit : relationFindings(at, item);
  });
}

function wrongType(path: Path, type: string): Finding[] {
  if (Object.hasOwn(TYPES, type) || (type.includes('/') && matches(LABEL_KEY, type))) return [];
  const meant = nearest(type, Object.keys(TYPES));
  const fix = meant ? `did you mean ${meant}?` : 'use Container, Pod or PersistentVolumeClaim';
  return [{ path, message: `is ${type}, which is no type of limits (${fix})` }];
}

/** Fields that a type does not have, or needs. */
function misplaced(at: Path, item: Limits): Finding[] {
  const fields = (['default', 'defaultRequest'] as const).filter((field) => Object.keys(item[field] ?? {}).length > 0);
  const ofPods = item.type === 'Pod' ? fields : [];
  const isBounded = [item.min, item.max].some((amounts) => amounts?.storage !== undefined);
  return [
    ...ofPods.map((field) => ({
      path: [...at, field],
      message: 'is set, but limits of pods have no defaults (use type Container)',
    })),
    ...(item.type === 'PersistentVolumeClaim' && !isBounded
      ? [{ path: at, message: 'has neither min.storage nor max.storage (set one)' }]
      : []),
  ];
}

function amountFindings(at: Path, item: Limits, field: Field): Finding[] {
  const { place, of } = TYPES[item.type ?? ''] ?? { place: 'any' as const, of: '' };
  const amounts = item[field];
  return Object.entries(isRecord(amounts) ? amounts : {}).flatMap(([name, amount]) => {
    const path = [...at, field, name];
    if (!isResourceOf(place, name)) {
      const meant = nearest(name.replace(/^(requests|limits)\./, ''), RESOURCE_NAMES[place]);
      const fix = meant ? `did you mean ${meant}?` : `use ${RESOURCE_NAMES[place].join(', ')}, or a name with a domain`;
      return [{ path, message: `is not a resource${of} (${fix})` }];
    }
    return Number.isNaN(anyQuantityValue(String(amount))) ? [notQuantity(path)] : [];
  });
}

/** Amounts of which the first is at most the second. */
const ORDERED: readonly (readonly [least: Field, most: Field])[] = [
  ['min', 'max'],
  ['min', 'defaultRequest'],
  ['defaultRequest', 'max'],
  ['defaultRequest', 'default'],
  ['min', 'default'],
  ['default', 'max'],
];

function relationFindings(at: Path, item: Limits): Finding[] {
  const names = [...new Set(FIELDS.flatMap((field) => Object.keys(item[field] ?? {})))];
  return names.flatMap((name): Finding[] => {
    const value = (field: Field) => {
      const amount = item[field]?.[name];
      return amount === undefined ? Number.NaN : anyQuantityValue(String(amount));
    };
    const said = (field: Field) => formatPath([field, name]);
    const disordered = ORDERED.find(([least, most]) => value(least) > value(most));
    if (disordered) {
      const [least, most] = disordered;
      const message = `is ${item[least]?.[name]}, more than ${said(most)}, which is ${item[most]?.[name]} (lower it, or raise ${said(most)})`;
      return [{ path: [...at, least, name], message }];
    }
    const ratio = value('maxLimitRequestRatio');
    const path = [...at, 'maxLimitRequestRatio', name];
    if (ratio < 1) return [{ path, message: `is ${ratio}, less than 1 (use at least 1)` }];
    if (ratio > value('max') / value('min'))
      return [{ path, message: `is ${ratio}, more than ${said('max')} divided by ${said('min')} (lower it)` }];
    const isTorn = !isOvercommitted(name) && Math.abs(value('default') - value('defaultRequest')) > 0;
    return isTorn
      ? [
          {
            path: [...at, 'defaultRequest', name],
            message: `and ${said('default')} must be the same (write one amount)`,
          },
        ]
      : [];
  });
}
