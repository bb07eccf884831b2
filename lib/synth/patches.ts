import { JsonPatch } from 'cdk8s';
import type { Fault } from '../environment/fault';
import type { ResolvedEnvironment } from '../mlflow/resolve';
import type { Component, Manifest } from './manifest';

type Patch = ResolvedEnvironment['patches'][number];

/** The components with the environment's patches applied, or what is wrong with the patches. */
export interface PatchedComponents {
  readonly components: readonly Component[];
  readonly faults: readonly Fault[];
}

/** Applies every patch to the object that it names. A patch that matches nothing, or does not apply, is a fault. */
export function applyPatches(components: readonly Component[], patches: readonly Patch[]): PatchedComponents {
  const faults: Fault[] = [];
  let patched = components;
  patches.forEach((patch, index) => {
    const objects = patched.flatMap(({ objects }) => objects);
    if (!objects.some((object) => matches(object, patch))) {
      const path = ['patches', index];
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ');
      faults.push({ path, message: `matches no object (there are: ${names})` });
      return;
    }
    patched = patched.map((component) => ({
      ...component,
      objects: component.objects.map((object) =>
        matches(object, patch) ? applyPatch(object, patch, index, faults) : object,
      ),
    }));
  });
  return { components: patched, faults };
}

const matches = ({ kind, metadata }: Manifest, patch: Patch) => kind === patch.kind && metadata.name === patch.name;

function applyPatch(object: Manifest, patch: Patch, index: number, faults: Fault[]): Manifest {
  return patch.operations.reduce<Manifest>((manifest, operation, step) => {
    try {
      return JsonPatch.apply(structuredClone(manifest), toJsonPatch(operation)) as Manifest;
    } catch {
      const path = ['patches', index, 'operations', step];
      const message = `does not apply to ${patch.kind} ${patch.name} (is ${operation.path} there, and the value right?)`;
      faults.push({ path, message });
      return manifest;
    }
  }, object);
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
