import type { JsonSchema } from './json-schema';

/**
 * The type of what a person may write, with the comment of each key. TypeScript leaves comments out of the declarations
 * that it derives from the model, so users of the package would see none.
 */
export function inputTypes(schema: JsonSchema): string {
  return [
    '// Generated from the model in lib/environment/model.ts: run `npm run generate`.',
    '',
    '/** What a person may write: every key that has a default may be left out. */',
    `export interface EnvironmentInput ${typeText(schema, '')}`,
    '',
  ].join('\n');
}

function typeText(node: JsonSchema, indent: string): string {
  if (node.properties) return objectText(node, indent);
  if (node.enum) return node.enum.map((value) => `'${value}'`).join(' | ');
  if (node.anyOf) return [...new Set(node.anyOf.map((each) => typeText(each, indent)))].join(' | ');
  if (Array.isArray(node.type)) return node.type.map(plainType).join(' | ');
  if (node.type === 'array') {
    const item = typeText(node.items ?? {}, indent);
    return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
  }
  if (node.type === 'object') return `Record<string, ${typeText(node.additionalProperties as JsonSchema, indent)}>`;
  return node.type ? plainType(node.type) : 'unknown';
}

const plainType = (type: string) => (type === 'integer' ? 'number' : type);

function objectText(node: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = /^\w+$/.test(key) ? key : `'${key}'`;
    const optional = node.required?.includes(key) ? '' : '?';
    return [...comment(child, inner), `${inner}${name}${optional}: ${typeText(child, inner)};`];
  });
  return ['{', ...lines, `${indent}}`].join('\n');
}

function comment(node: JsonSchema, indent: string): string[] {
  if (node.default === undefined) return [`${indent}/** ${node.description} */`];
  return [
    `${indent}/**`,
    `${indent} * ${node.description}`,
    `${indent} *`,
    `${indent} * @default ${typeof node.default === 'object' ? JSON.stringify(node.default) : node.default}`,
    `${indent} */`,
  ];
}
