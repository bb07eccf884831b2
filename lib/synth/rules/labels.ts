import { OWN_LABELS } from '../../kubernetes/metadata';
import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { podsOf } from './workloads';

const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

type Pairs = Readonly<Record<string, unknown>>;

/** Labels and keys of annotations that the API server takes. */
export const validLabels: Rule = {
  name: 'valid-labels',
  reason: 'the API server refuses an object with a bad label, and then half of the set is applied',
  patched: 'issue',
  check: (objects) =>
    metadataOf(objects).flatMap(({ object, where, labels, annotations }) => {
      const badValue = ([, value]: [string, unknown]) => typeof value !== 'string' || !VALUE.test(value);
      const isText = ([, value]: [string, unknown]) => typeof value === 'string';
      return [
        // The API server looks at keys of annotations in lower case.
        ...[...Object.keys(labels), ...Object.keys(annotations).map((key) => key.toLowerCase())]
          .filter((key) => !KEY.test(key))
          .map((key) => ({ object, message: `has the key ${key}${where} (write one as in team or example.com/team)` })),
        ...Object.entries(labels)
          .filter(badValue)
          .map(([key, value]) => ({
            object,
            message: `has label ${key} of ${JSON.stringify(value)}${where} (a text of at most 63 letters, digits, -, _ and .)`,
          })),
        ...Object.entries(annotations)
          .filter((pair) => !isText(pair))
          .map(([key]) => ({ object, message: `has annotation ${key}${where} that is no text (quote it)` })),
      ];
    }),
};

/** Every object and pod says what it belongs to. */
export const recommendedLabels: Rule = {
  name: 'recommended-labels',
  reason: 'tools that show or delete an instance by its labels miss the object',
  patched: 'allowed',
  check: (objects, { name }) =>
    metadataOf(objects).flatMap(({ object, where, labels }): Violation[] => {
      const missing = OWN_LABELS.filter((label) => !labels[label]);
      const instance = labels['app.kubernetes.io/instance'];
      return [
        ...missing.map((label) => ({ object, message: `has no label ${label}${where} (add it)` })),
        ...(instance && instance !== name
          ? [
              {
                object,
                message: `has label app.kubernetes.io/instance of ${String(instance)}${where} (should be ${name})`,
              },
            ]
          : []),
      ];
    }),
};

/** The labels and annotations of every object and of every pod that one makes. */
function metadataOf(objects: readonly Manifest[]) {
  const of = (object: Manifest, where: string, metadata: { labels?: Pairs; annotations?: Pairs }) => ({
    object,
    where,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
  });
  return [
    ...objects.map((object) => of(object, '', object.metadata)),
    ...podsOf(objects).map(({ object, metadata }) => of(object, ' on its pods', metadata)),
  ];
}
