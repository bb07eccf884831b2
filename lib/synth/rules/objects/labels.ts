import { describeGrammar, type Grammar, matches } from '../../../kubernetes/grammar';
import { ANNOTATION_KEY, LABEL_KEY, LABEL_VALUE } from '../../../kubernetes/labels';
import { OWN_LABELS } from '../../../kubernetes/metadata';
import type { Manifest } from '../../manifest';
import type { Rule, Violation } from '../rule';
import { podsOf } from '../workloads';

type Pairs = Readonly<Record<string, unknown>>;

/**
 * Labels and keys of annotations that the API server accepts. That their values are strings is a matter of the schema.
 */
export const validLabels: Rule = {
  name: 'valid-labels',
  reason: 'the API server refuses an object with an invalid label, leaving the set partially applied',
  patched: 'issue',
  anyKind: true,
  check: (objects) => [
    ...metadataOf(objects).flatMap(({ object, where, labels, annotations }) => {
      return [
        ...badKeys(object, where, labels, LABEL_KEY),
        ...badKeys(object, where, annotations, ANNOTATION_KEY),
        ...Object.entries(labels)
          .filter(([, value]) => typeof value === 'string' && !matches(LABEL_VALUE, value))
          .map(([key, value]) => ({
            object,
            message: `has label ${key} of ${JSON.stringify(value)}${where} (use ${describeGrammar(LABEL_VALUE)})`,
          })),
      ];
    }),
    ...podsOf(objects).flatMap(({ object, spec }) =>
      badKeys(object, ' in its nodeSelector', spec.nodeSelector ?? {}, LABEL_KEY),
    ),
  ],
};

const badKeys = (object: Manifest, where: string, pairs: Pairs, grammar: Grammar): Violation[] =>
  Object.keys(pairs)
    .filter((key) => !matches(grammar, key))
    .map((key) => ({ object, message: `has the key ${key}${where} (write ${grammar.form})` }));

/** Every object and pod has the recommended labels. */
export const recommendedLabels: Rule = {
  name: 'recommended-labels',
  reason: 'tools that list or delete an instance by its labels miss the object',
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

/** The labels and annotations of every object and of every pod template. */
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
