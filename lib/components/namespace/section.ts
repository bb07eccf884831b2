import { z } from 'zod';
import { following, namespaceName } from '../../kubernetes/fields';
import { DNS_SUBDOMAIN } from '../../kubernetes/names';
import { CLUSTER_DOMAIN } from '../../kubernetes/service-names';
import { section } from '../shared/sections/fields';

/** The namespace of the instance. */
export const namespace = section({
  name: namespaceName().default('mlflow').describe('Namespace of all objects.'),
  create: z
    .boolean()
    .default(true)
    .describe('Whether the output contains the Namespace. Use `false` if it is managed elsewhere.'),
  podSecurity: z
    .enum(['restricted', 'baseline', 'privileged'])
    .default('restricted')
    .describe('Pod Security level that the namespace enforces. All pods of the instance comply with `restricted`.'),
}).describe('The namespace of the instance.');

/** The domain of the cluster. */
export const clusterDomain = () =>
  following(DNS_SUBDOMAIN)
    .default(CLUSTER_DOMAIN)
    .describe(
      'Domain of the cluster, in which Services have the names `NAME.NAMESPACE.svc.DOMAIN`. Clients are given such a ' +
        'name of the server.',
    );
