import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The comments above the keys of the model, by `section.key.subkey` where `section` is the exported constant. They are
 * what a TypeScript editor shows; the JSON Schema and the reference page take them from here, so that each is written
 * once. Works on formatted source: nesting is read from the indentation.
 */
export function readKeyDocumentation(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const components = readdirSync(join(folder, 'components'));
  const files = [
    'environment/model.ts',
    'environment/patches.ts',
    'components/shared/sections/ca-certificate.ts',
    'components/shared/sections/image.ts',
    ...components.filter((name) => name !== 'shared').map((name) => `components/${name}/section.ts`),
  ];
  for (const file of files) {
    if (existsSync(join(folder, file))) readFileDocumentation(readFileSync(join(folder, file), 'utf8'), found);
  }
  return found;
}

function readFileDocumentation(source: string, found: Map<string, string>): void {
  let open: { indent: number; key: string }[] = [];
  let pending: string | undefined;
  for (const line of source.replace(/^( *)\/\*\*\n((?: *\*.*\n)+?) *\*\/$/gm, joinLines).split('\n')) {
    const constant = /^(?:export )?const (\w+) = (?:section\(|\(.*=> \()/.exec(line);
    const comment = /^( +)\/\*\* (.*) \*\/$/.exec(line);
    const key = /^( +)'?([\w-]+)'?:/.exec(line);
    if (constant?.[1]) {
      open = [{ indent: 0, key: constant[1] }];
    } else if (comment) {
      pending = comment[2];
    } else if (key?.[1] && key[2] && pending) {
      const indent = key[1].length;
      open = [...open.filter((outer) => outer.indent < indent), { indent, key: key[2] }];
      found.set(open.map((outer) => outer.key).join('.'), pending);
      pending = undefined;
    }
  }
}

/** A comment of many lines as one of one line. */
function joinLines(_: string, indent: string, body: string): string {
  const words = body.split('\n').map((line) => line.replace(/^ *\* ?/, '').trim());
  return `${indent}/** ${words.join(' ').trim()} */`;
}
