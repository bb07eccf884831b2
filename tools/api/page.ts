import { markdownTable } from '../markdown-table';
import { type Declared, type Kind, readApi } from './declarations';

/** The entries of the package, and the modules that they are. */
const ENTRIES: Readonly<Record<string, string>> = {
  'cdk8s-mlflow': 'lib/index.ts',
  'cdk8s-mlflow/sealed-secrets': 'lib/sealed-secrets/index.ts',
};

const HEAD = [
  '<!-- Generated from the comments in the source: run `npm run generate`. -->',
  '',
  '# API of the library',
  '',
  'Everything that the package exports, besides the types of the keys of an environment, which the [reference of all',
  'keys](configuration.md) describes. [Use it from your own cdk8s app](library.md) shows how it works together.',
];

/** The page of what the package exports. */
export function apiPage(): string {
  const api = readApi(Object.values(ENTRIES));
  // What two entries export is described once.
  const described = new Set<string>();
  const parts = Object.entries(ENTRIES).flatMap(([entry, module]) => {
    const exported = api.get(module) ?? [];
    const all = exported.filter(({ name }) => !described.has(name));
    const again = exported
      .filter(({ name }) => described.has(name))
      .map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`);
    for (const { name } of all) described.add(name);
    const shared = again.length > 0 ? [`Also exports ${again.join(', ')}, which are described above.`] : [];
    return [`## \`${entry}\``, ...shared, ...all.toSorted((a, b) => rank(a) - rank(b)).flatMap(section)];
  });
  return [...HEAD, ...parts.flatMap((part) => ['', part]), ''].join('\n');
}

/** What readers look for first. */
const ORDER: readonly Kind[] = ['class', 'function', 'interface', 'type', 'constant'];

/** The place of a declaration on the page. Classes of errors come after the others. */
const rank = ({ kind, signature }: Declared): number =>
  ORDER.indexOf(kind) + (signature.endsWith('extends Error') ? 0.5 : 0);

function section(declared: Declared): string[] {
  const { name, kind, members } = declared;
  const heading = `### ${kind === 'function' ? `${name}()` : name}`;
  if (kind === 'function') return [heading, code(declared), ...prose(declared)];
  if (kind === 'type')
    return [heading, `\`\`\`ts\n${flat(`type ${name} = ${declared.type}`)}\n\`\`\``, ...prose(declared)];
  if (kind === 'constant') return [heading, `\`\`\`ts\nconst ${declared.signature}\n\`\`\``, ...prose(declared)];
  const properties = members.filter((each) => each.kind === 'property');
  const callable = members.filter((each) => ['constructor', 'method'].includes(each.kind));
  return [
    heading,
    ...(kind === 'class' ? [code(declared)] : extended(declared)),
    ...prose(declared),
    ...(properties.length > 0 ? [propertyTable(properties)] : []),
    ...callable.flatMap((each) => [`#### ${titleOf(each, name)}`, code(each), ...prose(each)]),
  ];
}

function titleOf({ kind, isStatic, name }: Declared, owner: string): string {
  if (kind === 'constructor') return `new ${owner}()`;
  return isStatic ? `${owner}.${name}()` : `${name}()`;
}

/** What an interface extends, in words. */
function extended({ signature }: Declared): string[] {
  const names = /extends (.*)$/.exec(signature)?.[1]?.split(/,\s*/) ?? [];
  return names.length > 0 ? [`Extends ${names.map((name) => `\`${name}\``).join(' and ')}.`] : [];
}

/** The text of a declaration without what says nothing to a caller. */
const code = ({ signature }: Declared): string =>
  `\`\`\`ts\n${signature.replace(/^(export|override) /, '').replace(/^export /, '')}\n\`\`\``;

/** Description, parameters and the rest, as paragraphs. */
function prose({ description, tags }: Declared): string[] {
  const named = (name: string) => tags.filter((tag) => tag.name === name).map(({ text }) => text);
  const parameters = named('param').map((text) => {
    const [, name = '', what = ''] = /^(\S+)\s+(?:- )?(.*)$/s.exec(text) ?? [];
    return `- \`${name}\`: ${flat(what)}`;
  });
  return [
    ...paragraphs(description),
    ...(parameters.length > 0 ? [parameters.join('\n')] : []),
    ...named('returns').map((text) => `Returns ${flat(text)}.`),
    ...named('throws').map((text) => `Throws ${flat(text).replace(/^\w+/, '`$&`')}`),
    ...named('example').map((text) => `\`\`\`ts\n${text}\n\`\`\``),
    ...named('see').map((text) => `See ${flat(text)}.`),
  ];
}

const paragraphs = (text: string): string[] => (text === '' ? [] : text.split(/\n{2,}/).map(flat));

function propertyTable(properties: readonly Declared[]): string {
  const rows = properties.map(({ name, type, signature, description, tags }) => {
    const isOptional = new RegExp(`\\b${name}\\?:`).test(signature);
    const usual = tags.find((tag) => tag.name === 'default')?.text.replace(/^- /, '') ?? '';
    return [`\`${name}${isOptional ? '?' : ''}\``, `\`${cell(type)}\``, flat(description), flat(usual)];
  });
  const width = rows.some((row) => row.at(-1) !== '') ? 4 : 3;
  const cut = (row: readonly string[]) => row.slice(0, width);
  return markdownTable(cut(['name', 'type', 'what', 'default']), rows.map(cut)).join('\n');
}

/** A text on one line. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A type as a cell of a table. */
const cell = (type: string): string => flat(type.replaceAll(/\/\*\*.*?\*\//gs, '')).replaceAll('|', '\\|');
