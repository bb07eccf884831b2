import { join } from 'node:path';
import { readKeyDocumentation } from './documentation';
import { inputTypes } from './input-types';
import { baseSchema, environmentSchema } from './json-schema';
import { referencePage } from './reference-page';
import { releasesPage } from './releases-page';

/** Every generated file with its text; a test compares them with what is committed. */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const schema = environmentSchema(readKeyDocumentation(join(root, 'lib')));
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['schema/environment.schema.json', json(schema)],
    ['schema/base.schema.json', json(baseSchema(schema))],
    ['lib/environment/generated/input.ts', inputTypes(schema)],
    ['docs/configuration.md', referencePage(schema)],
    ['docs/releases.md', releasesPage()],
  ]);
}
