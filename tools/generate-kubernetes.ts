import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesSchemas, RELEASE, schemasText } from './kubernetes/schemas';

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
  const pathOf = (apiVersion: string) =>
    join(folder, `${apiVersion.includes('/') ? 'apis' : 'api'}__${apiVersion.replace('/', '__')}_openapi.json`);
  const file = join('lib', 'kubernetes', 'generated', 'schemas.json');
  writeFileSync(join(root, file), schemasText(kubernetesSchemas(pathOf, join(root, 'crds'))));
  console.log(file);
}

main();
