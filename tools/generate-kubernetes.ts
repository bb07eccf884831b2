import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesSchemas, RELEASE } from './kubernetes/schemas';

/**
 * Writes `lib/kubernetes/generated/schemas.json`, the schemas that finished objects are checked against:
 *
 *     git clone --depth 1 --branch v1.36.3 https://github.com/kubernetes/kubernetes
 *     npm run generate:kubernetes -- kubernetes/api/openapi-spec/v3
 */
function main(): void {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error(`name the folder api/openapi-spec/v3 of Kubernetes ${RELEASE}`);
  const root = join(__dirname, '..');
  const { source, kinds, definitions } = kubernetesSchemas(folder, join(root, 'crds'));
  // One line for each definition: small, and a change of one is a change of one line.
  const lines = (map: object) =>
    Object.entries(map)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n');
  const text = `{"source":${JSON.stringify(source)},\n"kinds":{\n${lines(kinds)}},\n"definitions":{\n${lines(definitions)}}}\n`;
  const file = join('lib', 'kubernetes', 'generated', 'schemas.json');
  writeFileSync(join(root, file), text);
  console.log(file);
}

main();
