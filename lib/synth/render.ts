import { stringify } from 'yaml';
import type { Component } from './manifest';

/** How a file that synth wrote begins; only such files are ever replaced or removed. */
export const MARKER = '# Synthesized by cdk8s-mlflow';

/**
 * Values that YAML 1.1 and 1.2 read differently come out in quotes, and nothing is folded or aliased, so that kubectl,
 * Argo CD and Flux read the same.
 */
const STYLE = { compat: 'yaml-1.1', lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false } as const;

/** The text of one component's file. */
export function renderComponent(environment: string, { objects }: Component): string {
  const head = `${MARKER} from the environment "${environment}". A change here is lost at the next synth.\n`;
  return head + objects.map((object) => stringify(object, STYLE)).join('---\n');
}

/** The name of a component's file. Only the Namespace must come first: kubectl applies files by name. */
export const fileName = (component: string): string => `${component === 'namespace' ? '00-' : ''}${component}.k8s.yaml`;
