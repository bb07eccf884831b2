import type { Issue } from '../input/issue';
import { checkEnvironment } from './checks';
import { readModel } from './parse';
import { resolve } from './resolve';
import type { ResolvedEnvironment } from './resolved-environment';

/** What a given environment becomes, with every issue of every stage. */
export interface Evaluation {
  /** The environment if there is no issue. */
  readonly environment?: ResolvedEnvironment;
  /** The environment as far as it is valid; undefined if nothing can be said of it. */
  readonly known?: ResolvedEnvironment;
  readonly issues: readonly Issue[];
  /** What you should know; only if there is no issue. */
  readonly warnings: readonly Issue[];
}

/** Validates, checks and resolves a plain value, each once. */
export function evaluate(given: unknown): Evaluation {
  const { environment: valid, issues: invalid, certain } = readModel(given);
  if (!valid) return { issues: invalid, warnings: [] };
  const { known, issues: unresolved, warnings } = resolve(valid);
  const issues = [...invalid, ...certain([...checkEnvironment(valid), ...unresolved])];
  return issues.length > 0 ? { known, issues, warnings: [] } : { environment: known, known, issues, warnings };
}
