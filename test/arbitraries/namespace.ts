import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { namespaceName } from './shared/values';

export const namespace: ComponentArbitrary<'namespace' | 'clusterDomain'> = {
  sections: {
    namespace: some<Optional<EnvironmentInput['namespace']>>({
      name: namespaceName,
      create: fc.boolean(),
      podSecurity: pick('restricted', 'baseline', 'privileged'),
    }),
    clusterDomain: pick('cluster.local', 'k8s.example.com'),
  },
};
