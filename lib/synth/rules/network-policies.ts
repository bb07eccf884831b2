import { groupOf, type Manifest } from '../manifest';

/** Whether an object is a NetworkPolicy of Kubernetes. Those of other API groups, such as Calico's, are of another form. */
export const isNetworkPolicy = (object: Manifest): boolean =>
  object.kind === 'NetworkPolicy' && groupOf(object) === 'networking.k8s.io';
