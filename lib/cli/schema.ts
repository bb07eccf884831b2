import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { packageFile } from '../input/package-file';

/** `schema`: the JSON Schema of the environment file, for editors. */
export const schemaCommand: CommandModule<object, object> = {
  command: 'schema',
  describe: 'print the JSON Schema of the environment file',
  handler: () => {
    process.stdout.write(readFileSync(packageFile('schema', 'environment.schema.json'), 'utf8'));
  },
};
