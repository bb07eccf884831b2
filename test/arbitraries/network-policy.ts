import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { few, type Items, map, type Optional, oneOf, pick, some } from './shared/record';
import { block, labelValue, namespaceName } from './shared/values';

/** A database outside the cluster. */
const OUTSIDE = 'pg.example.com';

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
      addresses: fc.dictionary(
        pick(OUTSIDE, 'PG.Example.com.'),
        fc.uniqueArray(block, { minLength: 1, maxLength: 3 }),
        {
          maxKeys: 1,
          noNullPrototype: true,
        },
      ),
      dns: fc.array(
        some<Items<Policy['dns']>>({ namespace: namespaceName, cidr: block, port: pick(53, 5353) }).map(
          oneOf<Items<Policy['dns']>>('namespace', 'cidr', { namespace: 'openshift-dns' }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  settle: (given) => {
    const { networkPolicy: policy, database } = given;
    // Addresses are those of a host that something connects to.
    const isKnown = database.embedded === undefined && database.host === OUTSIDE;
    return policy?.addresses && !isKnown ? { ...given, networkPolicy: { ...policy, addresses: {} } } : given;
  },
};
