import { nearest } from '../input/did-you-mean';
import type { Manifest } from './manifest';

/** What a patch names. */
interface Target {
  readonly kind: string;
  readonly name: string;
}

/** The message about a patch that matches none of the objects: what was most likely meant, and what could be. */
export function matchesNothing({ kind, name }: Target, objects: readonly Manifest[]): string {
  const kinds = distinct(objects.map((object) => object.kind));
  const meantKind = kinds.includes(kind) ? kind : nearest(kind, kinds);
  const names = distinct(objects.filter((object) => object.kind === meantKind).map(({ metadata }) => metadata.name));
  const meant = names.includes(name) ? name : nearest(name, names);
  const others = distinct(objects.filter(({ metadata }) => metadata.name === name).map((object) => object.kind));
  const elsewhere = others.length > 0 ? `of this name: ${others.join(', ')}` : `kinds: ${kinds.join(', ')}`;
  const hints = [
    ...(meantKind && meant ? [`did you mean ${meantKind} ${meant}?`] : []),
    ...(meant && names.length > 1 ? [`of this kind: ${names.join(', ')}`] : []),
    ...(meantKind && !meant ? [`available: ${meantKind} ${names.join(', ')}`] : []),
    ...(meantKind ? [] : [elsewhere]),
  ];
  return `matches no object (${hints.join(' ')})`;
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();
