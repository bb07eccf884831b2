import { join } from 'node:path';
import {
  API,
  type Checker,
  NodeBuilderFlags,
  type Project,
  SymbolFlags,
  type Symbol as TsSymbol,
} from 'typescript/unstable/sync';

/** Something that the library declares, with its documentation. */
export interface Declared {
  readonly name: string;
  readonly kind: Kind;
  readonly isStatic: boolean;
  /** The declaration without documentation and body. */
  readonly signature: string;
  /** The type of a property, as it is declared. */
  readonly type: string;
  readonly description: string;
  readonly tags: readonly Tag[];
  readonly members: readonly Declared[];
}

/** What is declared, by the flag of the compiler. */
const KINDS = {
  class: SymbolFlags.Class,
  interface: SymbolFlags.Interface,
  function: SymbolFlags.Function,
  type: SymbolFlags.TypeAlias,
  constant: SymbolFlags.Variable,
  constructor: SymbolFlags.Constructor,
  method: SymbolFlags.Method,
  property: SymbolFlags.Property,
} as const satisfies Readonly<Record<string, SymbolFlags>>;

/** What is declared. */
export type Kind = keyof typeof KINDS;

/** A tag of a comment, such as `@default`. */
export interface Tag {
  readonly name: string;
  readonly text: string;
}

/** A declaration as the compiler gives it: what this file reads of each kind. */
interface DeclarationNode {
  readonly body?: PlacedNode;
  readonly type?: PlacedNode;
  readonly modifiers?: readonly PlacedNode[];
  getText(): string;
  getStart(): number;
}

interface PlacedNode {
  getText(): string;
  getStart(): number;
}

const ROOT = join(__dirname, '..', '..');

/** Declarations in it are on a page of their own. */
const INPUT_TYPES = /\/environment\/generated\//;

/**
 * What modules export, read by the compiler itself, in the order of their names; without the types of the keys of an
 * environment, which the reference page describes.
 *
 * @param entries paths of modules, from the folder of the project
 */
export function readApi(entries: readonly string[]): ReadonlyMap<string, readonly Declared[]> {
  const api = new API({ cwd: ROOT });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(ROOT, 'tsconfig.build.json')] });
    const [project] = snapshot.getProjects();
    if (!project) throw new Error('the compiler has no project');
    const found = new Map(entries.map((entry) => [entry, exportsOf(project, join(ROOT, entry))]));
    snapshot.dispose();
    return found;
  } finally {
    api.close();
  }
}

function exportsOf(project: Project, file: string): Declared[] {
  const { checker, program } = project;
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => read(project, symbol) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function read(project: Project, symbol: TsSymbol): Declared | undefined {
  const { checker } = project;
  const [handle] = symbol.declarations;
  const node = handle?.resolve(project) as unknown as DeclarationNode | undefined;
  if (!node || INPUT_TYPES.test(handle?.path ?? '')) return undefined;
  const tags = tagsOf(checker, symbol);
  const modifiers = (node.modifiers ?? []).map((each) => each.getText());
  // Of several signatures the first is public.
  const isInternal = symbol.declarations.length === 1 && tags.some(({ name }) => name === 'internal');
  const isPrivate = modifiers.includes('private') || symbol.name.includes('#');
  if (isPrivate || isInternal) return undefined;
  const text = node.getText();
  const signature = (node.body ? text.slice(0, node.body.getStart() - node.getStart()) : text).trim();
  const kind = (Object.keys(KINDS) as Kind[]).find((each) => (symbol.flags & KINDS[each]) !== 0);
  if (!kind) return undefined;
  const hasMembers = kind === 'class' || kind === 'interface';
  return {
    name: symbol.name,
    kind,
    isStatic: modifiers.includes('static'),
    signature: hasMembers ? (signature.split('{')[0] ?? '').trim() : signature,
    type: kind === 'type' ? expanded(checker, symbol) : (node.type?.getText() ?? ''),
    description: checker.getDocumentationCommentOfSymbol(symbol),
    tags,
    members: hasMembers ? membersOf(project, symbol) : [],
  };
}

const membersOf = (project: Project, symbol: TsSymbol): Declared[] =>
  [...symbol.getExports().values(), ...symbol.getMembers().values()].flatMap((member) => read(project, member) ?? []);

/** What a type stands for: `'a' | 'b'`, and not how it is derived. */
const expanded = (checker: Checker, symbol: TsSymbol): string =>
  checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, NodeBuilderFlags.InTypeAlias);

const tagsOf = (checker: Checker, symbol: TsSymbol): Tag[] =>
  checker.getJsDocTagsOfSymbol(symbol).map(({ name, text }) => ({ name, text: String(text ?? '') }));
