import { objectMetadata, PROGRAM_ANNOTATIONS } from '../../kubernetes/metadata';
import { KubeConfigMap } from '../../kubernetes/objects';
import type { Component } from '../component';
import { programKey, programsName, usedPrograms } from '../shared/programs';

/** The programs of all pods, in one ConfigMap, so that the other files are Kubernetes objects only. */
export const programs = {
  sections: {},
  resolve: () => ({}),
  file: 'programs',
  create: (scope, id, _, { instance, programs: texts, others }) => {
    const used = usedPrograms(texts, others.entryPoints);
    new KubeConfigMap(scope, id, {
      metadata: objectMetadata(instance, 'programs', programsName(instance.name), PROGRAM_ANNOTATIONS),
      data: Object.fromEntries(Object.entries(used).map(([path, text]) => [programKey(path), text])),
    });
  },
} satisfies Component<object, object, object>;
