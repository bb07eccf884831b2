import type { JsonSchema } from './json-schema';
import { referenceExamples } from './reference-examples';

/** A key with its path, and whether users must set it if they write its section. */
interface Row {
  readonly path: string;
  readonly node: JsonSchema;
  readonly isRequired: boolean;
}

/** The reference page of the environment file: for each section an example, and a table with a row for each key. */
export function referencePage(model: JsonSchema): string {
  const top = Object.entries(model.properties ?? {});
  const plain = top.filter(([, node]) => !node.properties);
  const sections = top.filter(([, node]) => node.properties);
  const examples = new Map(referenceExamples().map(({ section, text }) => [section, text]));
  const example = (section: string) => ['```yaml', examples.get(section)?.trim() ?? '', '```'];
  return [
    '# The environment file',
    '',
    'Generated from the model in `lib/environment` and `lib/components`; change it there and run `npm run generate`.',
    '',
    'An environment is `environments/NAME/environment.yaml`. Only the database and the store of the artifacts have no default: set `database.host` or `database.embedded`, and one of `artifacts.s3`, `artifacts.gcs`, `artifacts.azure`, `artifacts.volume` and `artifacts.embedded`. In the column *default*, `NAME` is the `name` of the instance, and a section that is *off* is not used unless you write it. A key *required* must be set if its section is.',
    '',
    '## Top level',
    '',
    ...example('name'),
    '',
    ...table(rows({ properties: Object.fromEntries(plain) }, '')),
    ...sections.flatMap(([name, node]) => [
      '',
      `## ${name}`,
      '',
      introduction(node),
      '',
      ...example(name),
      '',
      ...table(rows(node, '')),
    ]),
    '',
  ].join('\n');
}

const introduction = (node: JsonSchema) =>
  `${node.description ?? ''}${node.default === undefined ? ' This section is *off* unless you write it.' : ''}`;

/** The keys below a node with their paths; the keys of a section follow it. */
function rows(node: JsonSchema, prefix: string): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    const row = { path, node: child, isRequired: node.required?.includes(key) ?? false };
    if (!child.properties) return [row, ...elementRows(child, path)];
    // The default of a section that always exists is that of its keys.
    return [...(child.default === undefined ? [row] : []), ...rows(child, `${path}.`)];
  });
}

/** The keys of the sections in a list or a map. */
function elementRows({ items, additionalProperties: values }: JsonSchema, path: string): Row[] {
  if (items?.properties) return rows(items, `${path}[].`);
  const section = [values, ...((typeof values === 'object' && values.anyOf) || [])].find(
    (each) => typeof each === 'object' && each.properties,
  );
  return typeof section === 'object' ? rows(section, `${path}.*.`) : [];
}

function table(entries: readonly Row[]): string[] {
  return [
    '| key | type | default | meaning |',
    '|---|---|---|---|',
    ...entries
      .map((row) =>
        [`\`${row.path}\``, typeOf(row.node), defaultOf(row), row.node.description ?? ''].map(cell).join(' | '),
      )
      .map((line) => `| ${line} |`),
  ];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(node: JsonSchema): string {
  if (node.properties) return 'section';
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(' or ');
  const type = Array.isArray(node.type) ? node.type.join(' or ') : (node.type ?? 'any');
  if (type === 'array')
    return `list of ${node.items?.properties ? 'sections' : node.items ? typeOf(node.items) : 'any'}`;
  if (type === 'object') return 'map';
  if (type === 'string or number') return 'quantity';
  return type === 'string' ? 'text' : type;
}

function defaultOf({ node, isRequired }: Row): string {
  if (isRequired) return '*required*';
  if (node.derived !== undefined) return node.derived;
  if (node.default === undefined) return node.properties ? '*off*' : '';
  const given = node.default;
  if (typeof given !== 'object' || given === null) return given === '' ? '' : `\`${String(given)}\``;
  return Object.keys(given).length === 0 ? 'none' : `\`${JSON.stringify(given)}\``;
}
