import type { EnvironmentInput } from '../../../lib/environment/model';
import type { ResolvedEnvironment } from '../../../lib/environment/resolved-environment';
import type { Issue } from '../../../lib/input/issue';
import type * as k8s from '../../../lib/kubernetes/objects';
import type { Manifest, OutputFile } from '../../../lib/synth/manifest';
import { checkRules } from '../../../lib/synth/rules';
import { backendsOf } from '../../../lib/synth/rules/backends';
import { EMBEDDED } from '../../support/embedded-fixtures';
import { SHORT_PROGRAMS, written } from '../../support/fixtures';
import { LARGE_SAMPLE } from '../../support/sample-size';
import { isRecord, type Json, objectsOf, one, type Pod, podsOf, resolved, SMALLEST } from '../../support/support';

/** Whole outputs of environments, with what synth does not make yet, and the places in them at which a test alters something. */

/** All objects of an environment. */
export interface Output {
  readonly environment: ResolvedEnvironment;
  readonly objects: readonly Manifest[];
}

const output = (input: EnvironmentInput): Output => ({
  environment: resolved(input),
  objects: objectsOf(input, SHORT_PROGRAMS),
});

/** Several pods, stores of its own and generated Secrets: every key of the model is set. */
const EVERYTHING: EnvironmentInput = {
  ...written(EMBEDDED),
  namespace: { name: 'ml', create: true, podSecurity: 'restricted' },
  patches: [],
};

/** One pod on a volume of one node, in a namespace that demands less than we promise. */
const ALONE: EnvironmentInput = {
  ...SMALLEST,
  namespace: { podSecurity: 'baseline' },
  storage: { data: { mountPath: '/data' } },
  availability: { disruptionBudget: true },
};

/** Something real as a value that can be altered. */
export type Loose = Record<string, unknown> & { metadata: Record<string, unknown> & { name: string } };

/** A copy in which no two objects share what they hold, as a structured clone would let them. */
export const cloned = (objects: readonly Manifest[]) => JSON.parse(JSON.stringify(objects)) as Manifest[];

/** With a CronJob that has the pod of the server, and its policy. */
function withMore({ environment, objects }: Output): Output {
  const copy = cloned(objects);
  const deployment = copy.find(({ kind }) => kind === 'Deployment');
  const policy = copy.find(({ kind }) => kind === 'NetworkPolicy');
  if (!deployment || !policy) throw new Error('no Deployment or no policy');
  const component = { 'app.kubernetes.io/component': 'report' };
  const metadata = {
    ...deployment.metadata,
    name: `${deployment.metadata.name}-report`,
    labels: { ...deployment.metadata.labels, ...component },
  };
  // A second measure, in an amount, beside the share that an environment can ask for.
  const amount = { name: 'memory', target: { type: 'AverageValue', averageValue: '3Gi' } };
  one(copy, 'HorizontalPodAutoscaler').spec?.metrics?.push({ type: 'Resource', resource: amount } as never);
  const rest = one(copy, 'Deployment').spec as Json<k8s.DeploymentSpec>;
  const { initContainers = [], ...pod } = rest.template.spec as Pod;
  const template = {
    metadata: { labels: { ...rest.template.metadata?.labels, ...component } },
    spec: { ...pod, containers: initContainers, restartPolicy: 'Never' },
  };
  const more: Manifest[] = [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '0 3 * * *',
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 3600, template } },
      },
    },
    { ...policy, metadata, spec: { podSelector: { matchLabels: component }, policyTypes: ['Ingress', 'Egress'] } },
  ];
  return {
    environment,
    objects: [...copy, ...more],
  };
}

/** The outputs that are altered. */
export const OUTPUTS = { everything: withMore(output(EVERYTHING)), alone: output(ALONE) } as const;

/** All objects of an output in one file, which makes no difference to the rules. */
export const asFiles = (objects: readonly Manifest[]): OutputFile[] => [{ name: 'all', objects }];

/** The names of the rules that issues come from. */
export function rulesOf(issues: readonly Issue[]): string[] {
  const rule = /\[rule ([a-z-]+)[: ]/;
  return [...new Set(issues.map(({ message }) => rule.exec(message)?.[1] ?? message))];
}

/** The names of the rules that objects break. */
export const violated = (objects: readonly Manifest[], environment: ResolvedEnvironment): string[] =>
  rulesOf(checkRules(asFiles(objects), environment));

/** Finds what a test alters; the same places in every copy of an output. */
export type Places<T> = (objects: Manifest[]) => T[];

/** A change at a place. */
export type Change<T> = (place: T) => void;

/**
 * Copies of objects, each with the change at another of the places: at every one, or in the small sample at one halfway.
 */
export function* altered<T>(objects: readonly Manifest[], places: Places<T>, change: Change<T>): Generator<Manifest[]> {
  let copy = cloned(objects);
  let found = places(copy);
  const count = found.length;
  const [first, end] = LARGE_SAMPLE ? [0, count] : [count >> 1, (count >> 1) + 1];
  for (let index = first; index < Math.min(end, count); index += 1) {
    if (index > first) {
      copy = cloned(objects);
      found = places(copy);
    }
    const place = found[index];
    if (place !== undefined) change(place);
    yield copy;
  }
}

/** The objects of some kinds; all without one. */
export const objects =
  (...kinds: string[]): Places<Loose> =>
  (all) =>
    all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)) as unknown as Loose[];

/** The Services of the instance that Ingresses and routes lead to. */
export const ledTo: Places<Loose> = (all) => {
  const names = all.flatMap((object) => backendsOf(object).map(({ name }) => name));
  return objects('Service')(all).filter(({ metadata }) => names.includes(metadata.name as string));
};

/** What lies at a path in the objects of a kind; `*` is every item of a list or map. */
export const within =
  (kind: string, path: string): Places<Record<string, unknown>> =>
  (all) =>
    objects(kind)(all).flatMap((object) => follow(object, path.split('.')));

function follow(value: unknown, steps: readonly string[]): Record<string, unknown>[] {
  if (!isRecord(value) && !Array.isArray(value)) return [];
  const [step, ...rest] = steps;
  if (step === undefined) return [value as Record<string, unknown>];
  if (step === '*') return Object.values(value).flatMap((inner) => follow(inner, rest));
  return follow((value as Record<string, unknown>)[step], rest);
}

/** The pods of the objects of some kinds, all without one. */
export const pods =
  (...kinds: string[]): Places<Record<string, unknown>> =>
  (all) =>
    podsOf(objects(...kinds)(all) as unknown as Manifest[]).map(
      ({ spec }) => spec as unknown as Record<string, unknown>,
    );

/** Their containers, those that prepare included. */
export const containers =
  (...kinds: string[]): Places<Record<string, unknown>> =>
  (all) =>
    podsOf(objects(...kinds)(all) as unknown as Manifest[]).flatMap(
      (pod) => pod.containers as unknown as Record<string, unknown>[],
    );

/** Sets what a path leads to; numbers lead into lists, and what is undefined is removed. */
export const set =
  (path: string, value: unknown): Change<Record<string, unknown>> =>
  (place) => {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let parent: Record<string, unknown> = place;
    for (const step of steps) {
      if (parent[step] === undefined) parent[step] = {};
      parent = parent[step] as Record<string, unknown>;
    }
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  };
