import type { EnvironmentInput } from '../../../lib/environment/model';
import { formatPath, type Issue } from '../../../lib/input/issue';
import { composeEnvironment } from '../../../lib/synth/compose';
import { PROGRAMS, resolved, SMALLEST } from '../../support/support';

/** The keys of the server. */
export type ServerInput = NonNullable<EnvironmentInput['server']>;

/** An image of a user. */
export const IMAGE = 'registry.example.com/tools:1.0.0';

/** The output of an environment with keys of the server. */
export const composed = (server: ServerInput, more: Partial<EnvironmentInput> = {}) =>
  composeEnvironment(resolved({ ...SMALLEST, ...more, server }), PROGRAMS);

interface PodSpec {
  readonly serviceAccountName: string;
  readonly containers: readonly Record<string, unknown>[];
  readonly initContainers: readonly Record<string, unknown>[];
  readonly volumes: readonly unknown[];
}

/** The pod that the Deployment creates, of an environment without issues. */
export function podOf(server: ServerInput, more?: Partial<EnvironmentInput>) {
  const { files, issues } = composed(server, more);
  expect(issues).toEqual([]);
  const deployment = files.flatMap(({ objects }) => objects).find(({ kind }) => kind === 'Deployment');
  const spec = deployment?.spec as unknown as { template: Template };
  return spec.template;
}

interface Template {
  readonly metadata: { readonly labels: object; readonly annotations: object };
  readonly spec: PodSpec;
}

/** The keys of issues. */
export const said = (all: readonly Issue[]) => all.map(({ path }) => formatPath(path));
