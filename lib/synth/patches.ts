import { JsonPatch } from 'cdk8s';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import type { Issue } from '../input/issue';
import type { Component, Manifest } from './manifest';

type Patch = ResolvedEnvironment['patches'][number];

/** The components with the environment's patches applied, or what is wrong with the patches. */
export interface PatchedComponents {
  readonly components: readonly Component[];
  readonly issues: readonly Issue[];
}

/** Applies every patch to the object that it names. A patch that matches nothing, or does not apply, is an issue. */
export function applyPatches(components: readonly Component[], patches: readonly Patch[]): PatchedComponents {
  const issues: Issue[] = [];
  let patched = components;
  patches.forEach((patch, index) => {
    const objects = patched.flatMap(({ objects }) => objects);
    if (!objects.some((object) => matches(object, patch))) {
      const path = ['patches', index];
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ');
      issues.push({ path, message: `matches no object (there are: ${names})` });
      return;
    }
    patched = patched.map((component) => ({
      ...component,
      objects: component.objects.map((object) => {
        if (!matches(object, patch)) return object;
        const changed = applyPatch(object, patch, index, issues);
        if (isManifest(changed)) return changed;
        const message = `leaves no object of ${patch.kind} ${patch.name} (apiVersion, kind and metadata.name must stay texts)`;
        issues.push({ path: ['patches', index], message });
        return object;
      }),
    }));
  });
  return { components: patched, issues };
}

const matches = ({ kind, metadata }: Manifest, patch: Patch) => kind === patch.kind && metadata.name === patch.name;

/**
 * Whether the place of an operation is there, as RFC 6902 wants it: the library itself lets a misspelt place pass, and
 * walks into what every JavaScript object has.
 */
function leadsSomewhere(manifest: unknown, { op, path }: Patch['operations'][number]): boolean {
  const steps = path.split('/').slice(1);
  const added = op === 'add' ? steps.pop() : undefined;
  let value = manifest;
  for (const step of steps) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    if (Array.isArray(value) && !INDEX.test(key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  if (added === undefined || !Array.isArray(value)) return added === undefined || typeof value === 'object';
  return added === '-' || (INDEX.test(added) && Number(added) <= value.length);
}

const INDEX = /^(0|[1-9]\d*)$/;

function applyPatch(object: Manifest, patch: Patch, index: number, issues: Issue[]): Manifest {
  return patch.operations.reduce<Manifest>((manifest, operation, step) => {
    try {
      if (!leadsSomewhere(manifest, operation)) throw new RangeError('leads nowhere');
      return JsonPatch.apply(structuredClone(manifest), toJsonPatch(operation)) as Manifest;
    } catch {
      const path = ['patches', index, 'operations', step];
      const message = `does not apply to ${patch.kind} ${patch.name} (is ${operation.path} there, and the value right?)`;
      issues.push({ path, message });
      return manifest;
    }
  }, object);
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Manifest>;
  return [apiVersion, kind, metadata?.name].every((text) => typeof text === 'string' && text !== '');
}

function toJsonPatch({ op, path, value }: Patch['operations'][number]): JsonPatch {
  switch (op) {
    case 'add':
      return JsonPatch.add(path, value);
    case 'remove':
      return JsonPatch.remove(path);
    case 'replace':
      return JsonPatch.replace(path, value);
    case 'test':
      return JsonPatch.test(path, value);
  }
}
