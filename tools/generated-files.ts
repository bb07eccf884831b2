import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '../lib/environment/evaluate';
import { alertsPage } from './alerts-page';
import { apiPage } from './api/page';
import { commandsPage } from './commands-page';
import { exitCodesPage } from './exit-codes-page';
import { inputTypes } from './input-types';
import { baseSchema, environmentSchema, modelSchema } from './json-schema';
import { withExamples } from './library-page';
import { notSupportedPage } from './not-supported-page';
import { pictures } from './pictures';
import { referencePage } from './reference-page';
import { releasesPage } from './releases-page';
import { securityPage } from './security-page';

/** Written by hand, except for its tables. */
const SECURITY_PAGE = join(__dirname, '..', 'docs', 'security.md');

/** Written by hand, except for its examples. */
const LIBRARY_PAGE = join(__dirname, '..', 'docs', 'library.md');

/** Every generated file with its text; a test compares them with what is committed. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const model = modelSchema();
  const schema = environmentSchema();
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['schema/environment.schema.json', json(schema)],
    ['schema/base.schema.json', json(baseSchema(schema))],
    ['lib/environment/generated/input.ts', inputTypes(model, neededKeys())],
    ['docs/api.md', apiPage()],
    ['docs/configuration.md', referencePage(model)],
    ['docs/alerts/README.md', alertsPage()],
    ['docs/commands.md', commandsPage()],
    ['docs/exit-codes.md', exitCodesPage()],
    ['docs/library.md', withExamples(readFileSync(LIBRARY_PAGE, 'utf8'))],
    ['docs/not-supported.md', notSupportedPage()],
    ['docs/releases.md', releasesPage()],
    ['docs/security.md', securityPage(readFileSync(SECURITY_PAGE, 'utf8'))],
    ...pictures(),
  ]);
}

/** The keys without which no environment is valid. */
const neededKeys = (): string[] => [...new Set(evaluate({}).issues.map(({ path }) => String(path[0])))];
