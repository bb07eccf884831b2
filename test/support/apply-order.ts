import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../lib/synth/manifest';
import { contentsOf } from './support';

/** The order in which kubectl applies objects, which creates each when its turn comes. */

interface Group {
  readonly spec?: { readonly group?: string; readonly names?: { readonly kind?: string } };
}

/** What comes before its Namespace, or before the definition of its kind. */
export function early(objects: readonly Manifest[]): string[] {
  const seen = new Set<string>();
  const provided = (object: Manifest) => {
    const { spec } = object as Group;
    if (object.kind === 'Namespace') return `namespace ${object.metadata.name}`;
    return object.kind === 'CustomResourceDefinition' ? `kind ${spec?.group} ${spec?.names?.kind}` : '';
  };
  const all = new Set(objects.map(provided));
  return objects.flatMap((object) => {
    const needed = [
      `namespace ${object.metadata.namespace}`,
      `kind ${object.apiVersion.split('/')[0]} ${object.kind}`,
    ].filter((each) => all.has(each) && !seen.has(each));
    seen.add(provided(object));
    return needed.map((each) => `${object.kind} ${object.metadata.name} before ${each}`);
  });
}

/** The objects of a folder as kubectl reads them: by the names of the files. */
export const inFiles = (folder: string) =>
  Object.entries(contentsOf(folder))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, text]) => parseAllDocuments(text).map((each) => each.toJS() as Manifest));
