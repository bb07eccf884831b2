import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/cli/run';
import { usedPrograms } from '../../lib/components/shared/programs';
import { type Evaluation, evaluate } from '../../lib/environment/evaluate';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { isRecord } from '../../lib/input/is-record';
import type * as k8s from '../../lib/kubernetes/objects';
import { composeEnvironment } from '../../lib/synth/compose';
import type { Manifest, OutputFile } from '../../lib/synth/manifest';
import { readPrograms } from '../../lib/synth/programs';

import { sealedOf } from './sealed-secrets';
import { temporaryFolder } from './temporary-folder';

export { isRecord, temporaryFolder };

/** The root of the repository. */
export const ROOT = join(__dirname, '..', '..');

/** The programs that the package carries. */
export const PROGRAMS = readPrograms();

/** Every exit code of the programs: its word, and its number, in the order of the table. */
export const EXIT_CODES: readonly (readonly [word: string, code: string])[] = [
  ...(PROGRAMS['common/exit_codes.py'] ?? '').matchAll(/^ {4}([A-Z][A-Z0-9_]*) = (\d+)/gm),
].map(([, word = '', code = '']) => [word.toLowerCase().replaceAll('_', '-'), code]);

/** The words of the exit codes that modules name, by path. */
export const exitWordsIn = (paths: readonly string[]): Set<string> =>
  new Set(
    paths
      .flatMap((path) => [...(PROGRAMS[path] ?? '').matchAll(/\bExitCode\.([A-Z][A-Z0-9_]*)/g)])
      .map(([, word = '']) => word.toLowerCase().replaceAll('_', '-')),
  );

/**
 * The words of the exit codes that programs can end with: those that any module of theirs names, but for some.
 *
 * @param never - codes that a shared module names and these programs cannot end with, each with its reason
 */
export function possibleExitWords(entryPoints: readonly string[], never: Readonly<Record<string, string>> = {}) {
  const named = exitWordsIn(Object.keys(usedPrograms(PROGRAMS, entryPoints)));
  const outdated = Object.keys(never).filter((word) => !named.has(word));
  if (outdated.length > 0) throw new Error(`no module names ${outdated}`);
  return [...named].filter((word) => !Object.hasOwn(never, word)).sort();
}

/** The rows of a page's table of exit codes: number, word. */
export const exitRows = (page: string): (readonly [word: string, code: string])[] =>
  [...page.matchAll(/^\| (\d+) \| `([a-z0-9-]+)` \|/gm)].map(([, code = '', word = '']) => [word, code]);

/** A typed object as it stands in the output: quantities and ports are plain values there. */
export type Json<T> = T extends readonly (infer Item)[]
  ? Json<Item>[]
  : T extends object
    ? [keyof T] extends ['value']
      ? string | number
      : { [K in keyof T]: Json<T[K]> }
    : T;

interface Kinds {
  Namespace: k8s.KubeNamespaceProps;
  ServiceAccount: k8s.KubeServiceAccountProps;
  ConfigMap: k8s.KubeConfigMapProps;
  Deployment: k8s.KubeDeploymentProps;
  HorizontalPodAutoscaler: k8s.KubeHorizontalPodAutoscalerV2Props;
  StatefulSet: k8s.KubeStatefulSetProps;
  Job: k8s.KubeJobProps;
  CronJob: k8s.KubeCronJobProps;
  PodDisruptionBudget: k8s.KubePodDisruptionBudgetProps;
  Service: k8s.KubeServiceProps;
  Ingress: k8s.KubeIngressProps;
  PersistentVolumeClaim: k8s.KubePersistentVolumeClaimProps;
  NetworkPolicy: k8s.KubeNetworkPolicyProps;
  Role: k8s.KubeRoleProps;
  RoleBinding: k8s.KubeRoleBindingProps;
}

/** Every object of a kind. */
export function all<K extends keyof Kinds>(objects: readonly Manifest[], kind: K): Json<Kinds[K]>[] {
  return objects.filter((object) => object.kind === kind) as unknown as Json<Kinds[K]>[];
}

/** The only object of a kind. */
export function one<K extends keyof Kinds>(objects: readonly Manifest[], kind: K): Json<Kinds[K]> {
  const [object, second] = all(objects, kind);
  if (!object || second) throw new Error(`not one ${kind} but ${all(objects, kind).length}`);
  return object;
}

/** The objects that play a part in the instance: those of the server, say, and none of a store beside it. */
export const playing = (objects: readonly Manifest[], part: string): Manifest[] =>
  objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === part);

export type Container = Json<k8s.Container>;
export type Pod = Json<k8s.PodSpec>;

/** A pod that an object makes. */
export interface MadePod {
  readonly owner: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Pod;
  readonly containers: readonly Container[];
}

/** Every pod template, however deep it stands in its object: found by its shape, so that no kind is forgotten. */
export function podsOf(objects: readonly Manifest[]): MadePod[] {
  return objects.flatMap((owner) =>
    templatesIn(owner).map(({ metadata, spec }) => ({
      owner,
      labels: metadata?.labels ?? {},
      annotations: metadata?.annotations ?? {},
      spec,
      containers: [...(spec.initContainers ?? []), ...spec.containers],
    })),
  );
}

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: Pod;
}

function templatesIn(value: unknown): Template[] {
  if (!isRecord(value)) return [];
  if (isRecord(value.spec) && Array.isArray(value.spec.containers)) return [value as unknown as Template];
  return Object.values(value).flatMap(templatesIn);
}

/** The container with a name. */
export function container(objects: readonly Manifest[], name: string): Container {
  const found = podsOf(objects)
    .flatMap(({ containers }) => containers)
    .filter((candidate) => candidate.name === name);
  if (!found[0] || found[1]) throw new Error(`not one container ${name} but ${found.length}`);
  return found[0];
}

/** The keys of Secrets that a pod has as files, as `SECRET/KEY`. Authorities come as files too: these are optional nowhere. */
export const loginsAsFiles = ({ volumes = [] }: Pod): string[] =>
  volumes.flatMap(({ name, secret }) =>
    secret?.optional || (secret && name === 'client-secret')
      ? (secret.items ?? []).map(({ key }) => `${secret.secretName}/${key}`)
      : [],
  );

/** The variables of a container with their literal values; those from objects as `OBJECT/KEY`. */
export function variables({ env = [] }: Container): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      const { name: object, key } = valueFrom?.secretKeyRef ?? valueFrom?.configMapKeyRef ?? {};
      return [name, value ?? `${object}/${key}`];
    }),
  );
}

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** Every value of a tree with its path. */
export function walk(value: unknown, path = '', places: Place[] = []): Place[] {
  places.push({ path, value });
  if (typeof value !== 'object' || value === null) return places;
  for (const [key, child] of Object.entries(value)) walk(child, `${path}/${key}`, places);
  return places;
}

/** Whether a selector, a whole one or a bare map of labels, meets labels. */
export function selects(selector: Record<string, unknown>, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions, ...bare } = selector as {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  return (
    Object.entries({ ...bare, ...matchLabels }).every(([key, value]) => labels[key] === value) &&
    (matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (operator !== 'In') throw new Error(`no operator that we use: ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}

/** What is needed of every environment, and nothing else. */
export const SMALLEST = {
  database: { host: 'postgres' },
  artifacts: { s3: { bucket: 'artifacts' } },
} as const satisfies EnvironmentInput;

/** What an input resolves to, or what is wrong with it. */
export const resolution = (input: unknown): Evaluation => evaluate(input);

/** The environment that an input resolves to; fails the test when it has issues. */
export function resolved(input: EnvironmentInput): ResolvedEnvironment {
  const { environment, issues } = resolution(input);
  if (!environment) throw new Error(JSON.stringify(issues));
  return environment;
}

/** The output files of an input; fails the test when it has issues. */
export function filesOf(input: EnvironmentInput, programs = PROGRAMS): readonly OutputFile[] {
  const environment = resolved(input);
  const { files, issues } = composeEnvironment(environment, programs, sealedOf(environment));
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  return files;
}

/** The objects that an input becomes. */
export const objectsOf = (input: EnvironmentInput, programs = PROGRAMS): Manifest[] =>
  filesOf(input, programs).flatMap(({ objects }) => objects);

/** What a command printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard error that are no warnings. */
  readonly issues: readonly string[];
}

/** Runs a command line within this process. */
export async function command(...given: string[]): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const into =
    (stream: 'stdout' | 'stderr') =>
    (...values: unknown[]) => {
      printed[stream] += `${values.join(' ')}\n`;
    };
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(into('stdout')),
    jest.spyOn(console, 'error').mockImplementation(into('stderr')),
  ];
  try {
    const code = await run(given);
    return { code, ...printed, issues: issueLines(printed.stderr) };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The lines of an error output that are no warnings. */
export const issueLines = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: '));

/** Every file below a folder with its bytes, to tell whether anything changed. */
export function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]));
}
