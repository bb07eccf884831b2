import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code that begins with the path of an example. */
const EXAMPLE = /```(\w+)\n\/\/ (examples\/\S+)\n[\s\S]*?```/g;

/**
 * A page whose examples are those of the folder `examples`, each below its path.
 *
 * @param page the page as it is written
 */
export const withExamples = (page: string): string =>
  page.replaceAll(EXAMPLE, (_, language: string, path: string) => {
    const text = readFileSync(join(__dirname, '..', path), 'utf8');
    return `\`\`\`${language}\n// ${path}\n${text}\`\`\``;
  });
