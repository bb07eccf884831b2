import type { JsonSchema } from './json-schema';

/** The reference page of the environment file: one table a section, one row a key. */
export function referencePage(schema: JsonSchema): string {
  const top = Object.entries(schema.properties ?? {});
  const plain = top.filter(([, node]) => !node.properties);
  const sections = top.filter(([, node]) => node.properties);
  return [
    '# The environment file',
    '',
    'Generated from the model in `lib/environment`; change the comments there and run `npm run generate`.',
    '',
    'An environment is `environments/NAME/environment.yaml`. Every key has a default but `database.host` and `artifacts.s3.bucket`, which `database.embedded` and `artifacts.embedded` make needless. Defaults marked *derived* depend on the MLflow release or on other keys.',
    '',
    '## Top level',
    '',
    ...table(plain.flatMap(([key, node]) => rows({ properties: { [key]: node } }, ''))),
    ...sections.flatMap(([name, node]) => ['', `## ${name}`, '', node.description ?? '', '', ...table(rows(node, ''))]),
    '',
  ].join('\n');
}

/** The keys below a node with their paths, sections in place. */
function rows(node: JsonSchema, prefix: string): [string, JsonSchema][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    const list = child.items?.properties ? rows(child.items, `${path}[].`) : [];
    return child.properties ? rows(child, `${path}.`) : [[path, child] as [string, JsonSchema], ...list];
  });
}

function table(entries: readonly (readonly [string, JsonSchema])[]): string[] {
  return [
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...entries
      .map(([key, node]) => [`\`${key}\``, typeOf(node), defaultOf(node), node.description ?? ''].map(cell).join(' | '))
      .map((line) => `| ${line} |`),
  ];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(node: JsonSchema): string {
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(' or ');
  const type = Array.isArray(node.type) ? node.type.join(' or ') : (node.type ?? 'any');
  if (type === 'array') return `list of ${node.items ? typeOf(node.items) : 'any'}`;
  if (type === 'object') return 'map';
  if (type === 'string or number') return 'quantity';
  return type === 'string' ? 'text' : type;
}

function defaultOf(node: JsonSchema): string {
  if (node.default === undefined) {
    if (node.type === 'array' || node.type === 'object') return 'none';
    return node.description?.includes('ithout it:') ? '*derived*' : '';
  }
  const given = node.default;
  return `\`${typeof given === 'object' ? JSON.stringify(given) : String(given)}\``;
}
