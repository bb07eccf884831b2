import { COMPONENTS } from '../../lib/environment/components';
import type { Manifest } from '../../lib/synth/manifest';
import { EMBEDDED } from '../support/embedded-fixtures';
import { FULLEST, SEALED, written } from '../support/fixtures';
import { all, podsOf, SMALLEST } from '../support/support';
import { composed, sample } from './sample';

/** A statement about a random environment says nothing about a feature that no environment of the sample has. */

/** More than the fixed environments alone have of most features. */
const SEVERAL = 4;

const partOf = (labels: Readonly<Record<string, string>> = {}) => labels['app.kubernetes.io/component'];

/** The objects and containers of an output: each kind and each name with the component it belongs to. */
function features(objects: readonly Manifest[]): ReadonlySet<string> {
  const kinds = objects.map(({ kind, metadata }) => `${kind} of ${partOf(metadata.labels)}`);
  const containers = podsOf(objects).flatMap((pod) =>
    pod.containers.map(({ name }) => `container ${name} of ${partOf(pod.labels)}`),
  );
  const several = all(objects, 'Deployment').some(({ spec }) => Number(spec?.replicas) > 1);
  return new Set([...kinds, ...containers, ...(several ? ['several replicas'] : [])]);
}

const found = sample.valid.map(({ objects }) => features(objects));
const count = (feature: string) => found.filter((each) => each.has(feature)).length;

/** What environments have in which every key of the model is set; that each is set, the compiler says. */
const whole = new Set([FULLEST, EMBEDDED, SEALED].flatMap((input) => [...features(composed(written(input)).objects)]));

describe('the sample of the properties', () => {
  test('is large, and nearly all of it is valid', () => {
    expect(sample.valid.length).toBeGreaterThan(40);
    expect(sample.valid.length / sample.outcomes.length).toBeGreaterThan(0.9);
  });

  test('has several environments with each kind of object and each container', () => {
    expect(whole.size).toBeGreaterThan(40);
    expect([...whole].filter((feature) => count(feature) < SEVERAL)).toEqual([]);
  });

  test('has an environment without each feature that the smallest environment lacks', () => {
    const always = features(composed(SMALLEST).objects);
    const optional = [...whole].filter((feature) => !always.has(feature));
    expect(optional.length).toBeGreaterThan(20);
    expect(optional.filter((feature) => count(feature) === found.length)).toEqual([]);
  });

  test('has several environments with the objects of each component', () => {
    const files = COMPONENTS.flatMap((component) => ('file' in component ? [component.file] : []));
    expect(files.length).toBeGreaterThan(10);
    const having = (file: string) => sample.valid.filter(({ files }) => files.some(({ name }) => name === file));
    expect(files.filter((file) => having(file).length < SEVERAL)).toEqual([]);
  });
});
