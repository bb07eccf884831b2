import { z } from 'zod';
import { RISK_NAMES, RISKS } from '../components/shared/risks/risk';
import { section } from '../components/shared/sections/fields';
import { annotations, following, labels } from '../kubernetes/fields';
import { SERVICE_NAME } from '../kubernetes/names';
import { COMPONENTS, type Sections } from './components';
import { patch } from './patches';

/** The risks of a level with their meaning, as Markdown. */
function listOf(level: 'issue' | 'warning'): string {
  return RISK_NAMES.filter((name) => RISKS[name].level === level)
    .map((name) => `\`${name}\` (${RISKS[name].means})`)
    .join(', ');
}

/**
 * The environment file as one zod model: the only source of the types, of validation, of plain defaults, and of the
 * descriptions in the JSON Schemas, the input types and the reference page. A default that depends on the release or on
 * another section is filled in by `resolve` and stated here as `derived`.
 */
export const environment = section({
  extends: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Environment file that this one extends, relative to this file and in the git repository of the environments or, ' +
        'without one, in the folder above theirs. Maps are merged; all other values replace those of the base, and `null` removes one.',
    ),
  name: following({ ...SERVICE_NAME, maximum: 40 })
    .default('mlflow')
    .describe('Name of the instance. The names of its objects start with it.'),
  ...(Object.assign({}, ...COMPONENTS.map(({ sections }) => sections)) as Sections),
  labels: labels()
    .default({})
    .describe('Labels of every object. They cannot change the `app.kubernetes.io/` labels that every object has.'),
  annotations: annotations().default({}).describe('Annotations of every object.'),
  allow: z
    .array(z.enum(RISK_NAMES))
    .default([])
    .describe(
      'Risks that you accept. Settings that open more than they say are issues or warnings unless their risk is here. ' +
        `Issues: ${listOf('issue')}. Warnings: ${listOf('warning')}.`,
    ),
  patches: z
    .array(patch)
    .default([])
    .describe(
      'JSON patches for settings that have no key. A patch that matches no object is an error. The result is checked: ' +
        'fields, types, enumerations and ranges of Kubernetes, names, references, selectors, ports and Pod Security. An API ' +
        'server checks more, so try a patch with `kubectl apply --dry-run=server`. A patch may remove what only makes the ' +
        'instance safer, such as probes and limits.',
    ),
});

export type { EnvironmentInput } from './generated/input';

/** A valid environment with all plain defaults filled in. */
export type Environment = z.output<typeof environment>;
