import type { CommandModule } from 'yargs';

/** `schema`: the JSON Schema of the environment file, for editors. */
export const schemaCommand: CommandModule<object, object> = {
  command: 'schema',
  describe: 'print the JSON Schema of the environment file',
  handler: async () => {
    const { readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    process.stdout.write(readFileSync(join(__dirname, '..', '..', 'schema', 'environment.schema.json'), 'utf8'));
  },
};
