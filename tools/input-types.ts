import type { JsonSchema } from './json-schema';

/** A section of the model, and the name of its interface. */
interface Section {
  readonly name: string;
  readonly node: JsonSchema;
}

/**
 * The types of what users write: one exported interface per section, each key with its description and default.
 * TypeScript drops comments from the declarations that it derives from the model, so users of the package would see
 * none.
 *
 * @param needed the keys that a file may get from one that it extends, and that an environment without a file needs
 * @throws Error if two sections get the same name
 */
export function inputTypes(model: JsonSchema, needed: readonly string[]): string {
  const sections = sectionsOf({ name: 'Environment', node: { ...model, description: 'An environment.' } });
  const names = sections.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) throw new Error(`two sections are called ${twice}`);
  return [
    '// Generated from the model in lib/environment/model.ts: run `npm run generate`.',
    ...sections.map((section) => interfaceText(section)),
    interfaceText(completeSection(model, needed), 'EnvironmentInput'),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The environment with the keys that it needs, each as the environment describes it. */
function completeSection({ properties = {} }: JsonSchema, needed: readonly string[]): Section {
  const own = Object.fromEntries(needed.flatMap((key) => (properties[key] ? [[key, properties[key]]] : [])));
  const description = `An environment that extends no other, so ${needed.map((key) => `\`${key}\``).join(' and ')} are required.`;
  return { name: 'CompleteEnvironment', node: { description, properties: own, required: [...needed] } };
}

/** A section and all sections below it, outermost first. */
const sectionsOf = ({ name, node }: Section): Section[] => [
  { name, node },
  ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => sectionsBelow(nameOf(name, key), child)),
];

function sectionsBelow(name: string, node: JsonSchema): Section[] {
  if (node.properties) return sectionsOf({ name, node });
  if (node.anyOf) return node.anyOf.flatMap((each) => sectionsBelow(name, each));
  const element = elementOf(node);
  return element ? sectionsBelow(singular(name), element) : [];
}

/** The type of the items of a list, or of the values of a map. */
function elementOf({ type, items, additionalProperties }: JsonSchema): JsonSchema | undefined {
  if (type === 'array') return items;
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The name of a section below another one: `Server` and `resources` give `ServerResources`. */
function nameOf(outer: string, key: string): string {
  const name = key.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return outer === 'Environment' ? name : `${outer}${name}`;
}

const singular = (name: string) => name.replace(/(ch)es$|([^s])s$/, '$1$2');

function interfaceText({ name, node }: Section, base?: string): string {
  const outer = base === undefined ? name : 'Environment';
  const members = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const optional = node.required?.includes(key) ? '' : '?';
    const type = typeText(child, nameOf(outer, key));
    return [...comment(child, '  '), `  ${/^\w+$/.test(key) ? key : `'${key}'`}${optional}: ${type};`];
  });
  return [
    ...comment({ description: node.description }, ''),
    `export interface ${name}Input${base ? ` extends ${base}` : ''} {`,
    ...members,
    '}',
  ].join('\n');
}

/** The type of a node, whose interface has the given name if it is a section. */
function typeText(node: JsonSchema, name: string): string {
  if (node.properties) return `${name}Input`;
  if (node.enum) return node.enum.map((value) => `'${value}'`).join(' | ');
  if (node.anyOf) return [...new Set(node.anyOf.map((each) => typeText(each, name)))].join(' | ');
  if (Array.isArray(node.type)) return node.type.map(plainType).join(' | ');
  const element = elementOf(node);
  if (node.type === 'array') {
    const item = typeText(element ?? {}, singular(name));
    // Also for lists that are `as const`.
    return item.includes(' | ') ? `readonly (${item})[]` : `readonly ${item}[]`;
  }
  if (node.type === 'object') return `Record<string, ${typeText(element ?? {}, singular(name))}>`;
  return node.type ? plainType(node.type) : 'unknown';
}

const plainType = (type: string) => (type === 'integer' ? 'number' : type);

function comment(node: JsonSchema, indent: string): string[] {
  const usual = defaultOf(node);
  if (usual === undefined) return [`${indent}/** ${node.description} */`];
  return [
    `${indent}/**`,
    `${indent} * ${node.description}`,
    `${indent} *`,
    `${indent} * @default ${usual}`,
    `${indent} */`,
  ];
}

function defaultOf({ default: plain, derived, properties }: JsonSchema): string | undefined {
  if (derived !== undefined) return derived;
  if (plain === undefined || properties) return undefined;
  // As those that are derived are written.
  return `\`${typeof plain === 'object' ? JSON.stringify(plain) : String(plain)}\``;
}
