import { type Advice, formatPath, type Issue, messageOf, type Path } from '../input/issue';
import { entryAt, type Located } from '../input/located-yaml';
import { type CreatedObject, namedObjects } from './created-objects';
import type { ResolvedEnvironment } from './resolved-environment';
import type { SharedThing } from './shared-thing';
import { sharedThings } from './shared-things';

/** An environment, by the name of its folder. */
export interface NamedPart {
  readonly name: string;
  readonly root: Located;
  readonly environment: ResolvedEnvironment;
}

/** An environment that extends the file of another. */
export interface Extension {
  /** The path of its file. */
  readonly file: string;
  /** It, the other environment merged in. */
  readonly own: NamedPart;
  /** The other environment. */
  readonly base: NamedPart;
  /** The files that are between the two, its own among them: what is written there is meant. */
  readonly above: readonly string[];
  /** Whether both are in one folder of environments, and so have one output. */
  readonly isBeside: boolean;
}

/** What is in the output of both environments: the one that is applied last has it, and deleting either deletes it. */
export function objectIssues(extension: Extension): Issue[] {
  const { own, base, isBeside } = extension;
  if (!isBeside || own.environment.namespace.name !== base.environment.namespace.name) return [];
  const advice = isSameInstance(extension) ? sameInstance(extension) : sameObjects(extension);
  return advice ? [{ path: ['extends'], message: messageOf(advice) }] : [];
}

/** Two environments with one name in one namespace have the same objects. */
function sameInstance(extension: Extension): Advice | undefined {
  const { own, base } = extension;
  const { name, namespace } = own.environment;
  if (isWritten(['namespace', 'name'], extension)) return undefined;
  return {
    what: `takes over namespace.name ${namespace.name} and name ${name} from environment ${base.name}, so the output of both is the same objects`,
    fix: `set namespace.name; for another cluster, write namespace.name: ${namespace.name}`,
  };
}

/** Under another name, they still have the objects whose names do not follow it. */
function sameObjects(extension: Extension): Advice | undefined {
  const { own, base } = extension;
  const { namespace } = own.environment;
  if (['name', 'create'].every((key) => isWritten(['namespace', key], extension))) return undefined;
  const others = new Set(namedObjects(base.environment).map(({ kind, name }) => `${kind}/${name}`));
  const shared = namedObjects(own.environment).filter(({ kind, name }) => others.has(`${kind}/${name}`));
  const hasNamespace = shared.some(({ kind }) => kind === 'Namespace');
  if (shared.length === 0) return undefined;
  const ways = [
    ...(hasNamespace ? ['namespace.create: false'] : []),
    ...(shared.length > Number(hasNamespace)
      ? [`other names of ${hasNamespace ? 'the other objects' : 'these objects'}`]
      : []),
  ];
  return {
    what: `takes over ${inWords(shared)} from environment ${base.name}, so the output of both contains the same objects, and deleting one environment deletes them for both`,
    fix:
      `set namespace.name, or keep both in namespace ${namespace.name} with ${ways.join(' and ')}; ` +
      `for another cluster, write namespace: { name: ${namespace.name}, create: ${namespace.create} }`,
  };
}

/** `Namespace ml and Secrets a, b and c`. */
const inWords = (objects: readonly CreatedObject[]): string =>
  listed(
    [...new Set(objects.map(({ kind }) => kind))].map((kind) => {
      const names = objects.filter((each) => each.kind === kind).map(({ name }) => name);
      return `${kind}${names.length > 1 ? 's' : ''} ${listed(names)}`;
    }),
  );

/** `a, b and c`. */
const listed = (texts: readonly string[]): string =>
  [...(texts.length > 2 ? [texts.slice(0, -1).join(', ')] : texts.slice(0, -1)), ...texts.slice(-1)].join(' and ');

/** What both environments use without the one saying so. Each is at a key of the other. */
export function sharingWarnings(extension: Extension): Issue[] {
  const { own, base } = extension;
  const others = new Set(sharedThings(base.environment).map(identityOf));
  const isOtherCluster = isSameInstance(extension);
  const shared = sharedThings(own.environment).filter(
    (thing) =>
      others.has(identityOf(thing)) &&
      !(isOtherCluster && thing.isOfCluster) &&
      !thing.keys.some((key) => isWritten(key, extension)),
  );
  return [...byPath(shared).values()].map((things) => ({
    path: things[0].path,
    message: messageAbout(things, extension),
  }));
}

const identityOf = ({ path, id }: SharedThing): string => JSON.stringify([path, id]);

/** Things of one line. */
type Things = readonly [SharedThing, ...SharedThing[]];

/** Those at one key are one line: databases by their names, or a claim, of which the first thing says most. */
function byPath(things: readonly SharedThing[]): Map<string, Things> {
  const found = new Map<string, Things>();
  for (const thing of things) {
    const key = formatPath(thing.path);
    const known = found.get(key);
    if (!known) found.set(key, [thing]);
    else if (known[0].noun === thing.noun && known.every(({ name }) => name !== thing.name))
      found.set(key, [...known, thing]);
  }
  return found;
}

function messageAbout(things: Things, { file, own, base }: Extension): string {
  const [{ noun, location = '', consequence, ways }] = things;
  const names = things.map(({ name }) => name);
  const what = `${noun}${names.length > 1 ? 's' : ''} ${names.join(' and ')}${location}`;
  const keys = ways.map((_, index) => [...new Set(things.map((thing) => thing.ways[index]))].join(' and '));
  return (
    `environment ${own.name} takes over ${what} from environment ${base.name}, so ${consequence} ` +
    `(in ${file}, set ${keys.join(', or ')}; a key with the same value there says that it is meant)`
  );
}

/** Whether the environment says by itself what a key is: it writes it, or removes what the other one has. */
function isWritten(path: Path, { own, base, above }: Extension): boolean {
  const entry = entryAt(own.root, path);
  return entry ? above.includes(entry.at.file) : entryAt(base.root, path) !== undefined;
}

/** Whether both have one name in one namespace: in one cluster, these would be the same objects. */
const isSameInstance = ({ own, base }: Extension): boolean =>
  own.environment.name === base.environment.name && own.environment.namespace.name === base.environment.namespace.name;
