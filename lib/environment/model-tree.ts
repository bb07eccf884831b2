import { z } from 'zod';
import type { Path } from '../input/issue';
import { environment } from './model';

/** The model of the environment file as a tree of its keys. */

/** The keys that the model knows at a path. */
export function knownKeys(path: Path): readonly string[] {
  const type = typeAt(path);
  const definition = type && unwrap(type)._zod.def;
  return definition && isObject(definition) ? Object.keys(definition.shape) : [];
}

/** The type of a path in the model, including its default or that it is optional; undefined for an unknown key. */
export function typeAt(path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((type, step) => {
    const definition = type && unwrap(type)._zod.def;
    if (definition && isObject(definition)) {
      return Object.hasOwn(definition.shape, step) ? definition.shape[String(step)] : undefined;
    }
    if (definition && isRecordType(definition)) return definition.valueType;
    return definition && isArray(definition) ? definition.element : undefined;
  }, environment);
}

/** Whether it is a section that is off unless it is written. */
export const isOffByDefault = (type: z.core.$ZodType | undefined): type is z.core.$ZodType =>
  type?._zod.def.type === 'optional' && isObject(unwrap(type)._zod.def);

/** Whether it is an optional section that can be written as `{}`. */
export const isSwitchedOn = (type: z.core.$ZodType | undefined) =>
  isOffByDefault(type) && z.safeParse(type, {}).success;

/** Whether a key of this type has to be set. */
export const isRequired = (type: z.core.$ZodType | undefined): boolean =>
  type !== undefined && !z.safeParse(type, undefined).success;

/** Whether a value may be of several types. */
export const isUnion = (type: z.core.$ZodType): boolean => type._zod.def.type === 'union';

/** The type inside of defaults and optionals; of a text or a section, the section. */
function unwrap(node: z.core.$ZodType): z.core.$ZodType {
  const { innerType, options } = node._zod.def as { innerType?: z.core.$ZodType; options?: z.core.$ZodType[] };
  const inner = innerType ?? options?.find((option) => isObject(option._zod.def));
  return inner ? unwrap(inner) : node;
}

/** The keys of a section, by name; undefined for any other type. */
export function shapeOf(type: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const definition = unwrap(type)._zod.def;
  return isObject(definition) ? definition.shape : undefined;
}

/** The type of the items of a list. */
export function itemOf(type: z.core.$ZodType): z.core.$ZodType | undefined {
  const definition = unwrap(type)._zod.def;
  return isArray(definition) ? definition.element : undefined;
}

/** The type of the values of a map whose keys users choose. */
export function recordOf(type: z.core.$ZodType): z.core.$ZodType | undefined {
  const definition = unwrap(type)._zod.def;
  return isRecordType(definition) ? definition.valueType : undefined;
}

/** The values of an enumeration. */
export function enumOf(type: z.core.$ZodType | undefined): readonly string[] | undefined {
  const definition = type && unwrap(type)._zod.def;
  return definition && isEnum(definition) ? Object.values(definition.entries).map(String) : undefined;
}

const isObject = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodObjectDef => definition.type === 'object';
const isRecordType = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodRecordDef =>
  definition.type === 'record';
const isEnum = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodEnumDef => definition.type === 'enum';
const isArray = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodArrayDef => definition.type === 'array';

/** Whether a key of the model has the name of a key of a Secret as its value: `passwordKey`. */
export const isKeyOfSecret = (path: Path): boolean => {
  const key = String(path.at(-1));
  return key.endsWith('Key') && knownKeys(path.slice(0, -1)).includes(key);
};

/** The paths of all keys of a name, the shortest first. Keys of the items of lists are not among them. */
export const pathsOfKey = (name: string): readonly Path[] => pathsByName().get(name) ?? [];

/** The paths of all keys, by their names, found when first asked for: most files have no unknown key. */
function pathsByName(): ReadonlyMap<string, readonly Path[]> {
  if (known.size > 0) return known;
  let level: readonly Path[] = [[]];
  while (level.length > 0) {
    level = level.flatMap((path) => knownKeys(path).map((key) => [...path, key]));
    for (const path of level) {
      const name = String(path.at(-1));
      known.set(name, [...(known.get(name) ?? []), path]);
    }
  }
  return known;
}

const known = new Map<string, readonly Path[]>();
