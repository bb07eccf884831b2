import type { EnvVar } from './objects';

/** An environment variable of a container: a plain value, or a key of a Secret or ConfigMap. */
export type Variable = PlainVariable | SecretVariable | ConfigMapVariable;

/** A variable whose value is part of the manifest. */
export interface PlainVariable {
  readonly name: string;
  /** `$(NAME)` in it is replaced by the kubelet, by the value of a variable that is defined before. */
  readonly value: string;
  /**
   * Whether the environment file may set it too, by `server.env`: a setting that only tunes a program.
   *
   * @default false, because another value would break what depends on it
   */
  readonly adjustable?: boolean;
}

/** A variable whose value is in a Secret. */
export interface SecretVariable {
  readonly name: string;
  readonly secret: string;
  readonly key: string;
  /** Whether the container starts without the key. @default false */
  readonly optional?: boolean;
}

/** A variable whose value is in a ConfigMap. */
export interface ConfigMapVariable {
  readonly name: string;
  readonly configMap: string;
  readonly key: string;
}

/** Environment variables in Kubernetes' form, each after those that it expands. */
export function environmentVariables(variables: readonly Variable[]): EnvVar[] {
  return inExpansionOrder(variables).map((variable) => {
    const { name } = variable;
    if ('value' in variable) return { name, value: variable.value };
    const { key } = variable;
    if ('configMap' in variable) return { name, valueFrom: { configMapKeyRef: { name: variable.configMap, key } } };
    const { secret, optional } = variable;
    return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional ? { optional } : {}) } } };
  });
}

/**
 * The same variables, each after those that its value expands: the kubelet leaves `$(NAME)` as it is when NAME is
 * defined later. Otherwise the order stays.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function inExpansionOrder(variables: readonly Variable[]): Variable[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const ordered = new Set<Variable>();
  const visit = (variable: Variable, dependents: readonly Variable[]): void => {
    for (const name of expandedNames(variable)) {
      const expanded = byName.get(name);
      if (expanded && expanded !== variable && !dependents.includes(expanded)) {
        visit(expanded, [...dependents, variable]);
      }
    }
    ordered.add(variable);
  };
  for (const variable of variables) visit(variable, []);
  return [...ordered];
}

/** The names of variables that expand each other in a circle, or themselves: there is no order in which they all expand. */
export function expandedInCircles(variables: readonly Variable[]): string[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  const reaches = (name: string, wanted: string, seen = new Set<string>()): boolean => {
    const variable = byName.get(name);
    if (!variable || seen.has(name)) return false;
    seen.add(name);
    return expandedNames(variable).some((inner) => inner === wanted || reaches(inner, wanted, seen));
  };
  return variables.map(({ name }) => name).filter((name) => reaches(name, name));
}

/** The names that the kubelet looks up in a variable's value; `$$(NAME)` is an escape. */
export function expandedNames(variable: Variable): string[] {
  if (!('value' in variable)) return [];
  return [...variable.value.matchAll(/\$\$|\$\(([^)]*)\)/g)].flatMap(([, name]) => name ?? []);
}
