import { Construct } from 'constructs';
import { objectMetadata, PROGRAM_ANNOTATIONS } from '../../kubernetes/metadata';
import { KubeConfigMap } from '../../kubernetes/objects';
import type { Component } from '../component';
import { programsConfigMaps, usedPrograms } from '../shared/programs';

/** The programs of all pods, in a file of their own, so that the other files are Kubernetes objects only. */
export const programs = {
  sections: {},
  resolve: () => ({}),
  file: 'programs',
  create: (scope, id, _, { instance, programs: texts, others }) => {
    const used = usedPrograms(texts, others.entryPoints);
    const file = new Construct(scope, id);
    for (const { name, items } of programsConfigMaps(instance.name, Object.keys(used))) {
      new KubeConfigMap(file, name, {
        metadata: objectMetadata(instance, 'programs', name, PROGRAM_ANNOTATIONS),
        data: Object.fromEntries(items.map(({ key, path }) => [key, used[path] ?? ''])),
      });
    }
  },
} satisfies Component<object, object, object>;
