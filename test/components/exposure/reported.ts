import { evaluate } from '../../../lib/environment/evaluate';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { formatPath } from '../../../lib/input/issue';
import { SMALLEST } from '../../support/support';
import { HOST } from './sections';

/** Sections that lead to the server, and what is said of them. */

/** An Ingress. */
export const ingress = (more: object = {}) =>
  ({ ingress: { host: HOST, controller: 'traefik', ...more } }) as EnvironmentInput;

/** A route at a Gateway. */
export const gateway = (more: object = {}) =>
  ({
    gateway: { host: HOST, controller: 'traefik', parentRefs: [{ name: 'web', sectionName: 'https' }], ...more },
  }) as EnvironmentInput;

/** TLS at the Ingress. */
export const TLS = { tls: { secret: 'outer' } };

/** Every issue and warning, on a cluster with the DNS of OpenShift. */
export const linesOf = (input: EnvironmentInput) => {
  const dns = [{ namespace: 'openshift-dns', port: 5353 }];
  const networkPolicy = { dns, ...input.networkPolicy };
  const { issues, warnings } = evaluate({ ...SMALLEST, ...input, networkPolicy });
  return [...issues, ...warnings].map(({ path, message }) => `${formatPath(path)} ${message}`);
};
