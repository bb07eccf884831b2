import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { few, type Items, map, type Optional, oneOf, pick, some } from './shared/record';
import { block, labelValue, namespaceName } from './shared/values';

type Policy = Optional<EnvironmentInput['networkPolicy']>;

export const networkPolicy: ComponentArbitrary<'networkPolicy'> = {
  sections: {
    networkPolicy: some<Policy>({
      enabled: fc.boolean(),
      clients: some<Optional<Policy['clients']>>({
        namespaces: few(namespaceName),
        pods: few(
          some<Items<Optional<Policy['clients']>['pods']>>(
            {
              namespace: namespaceName,
              labels: map(['app', 'example.com/role'], labelValue).map((given) => ({ app: 'x', ...given })),
            },
            'labels',
          ),
        ),
        cidrs: few(block),
      }),
      egress: few(
        some<Items<Policy['egress']>>({
          namespace: namespaceName,
          cidr: block,
          ports: few(fc.integer({ min: 1, max: 65535 })),
        }).map(oneOf<Items<Policy['egress']>>('namespace', 'cidr', { cidr: '10.0.0.0/8' })),
      ),
      dns: fc.array(
        some<Items<Policy['dns']>>({ namespace: namespaceName, cidr: block, port: pick(53, 5353) }).map(
          oneOf<Items<Policy['dns']>>('namespace', 'cidr', { namespace: 'openshift-dns' }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
};
