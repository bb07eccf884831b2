import type { Exposure } from '../../mlflow/vulnerabilities/model';
import { usesBasicAuth } from '../auth/login';
import { type NamingServer, namedDestinations } from '../server/named-addresses';
import { isTrue } from '../shared/risks/variables/risky-variables';

/** The resolved sections that decide which vulnerabilities of MLflow can be exploited. */
export interface ExposedSections extends NamingServer {
  readonly auth: NamingServer['auth'] & { readonly enabled: boolean };
  readonly database: NamingServer['database'] & { readonly embedded?: object };
  readonly artifacts: { readonly access: 'proxied' | 'direct'; readonly embedded?: object; readonly volume?: object };
  readonly networkPolicy: { readonly enabled: boolean; readonly egress: readonly unknown[] };
  readonly patches: readonly Patch[];
}

interface Patch {
  readonly kind: string;
  readonly operations: readonly { readonly path: string }[];
}

/** What of a policy restricts no egress: its labels and annotations, and its clients. */
const HARMLESS = /^\/(metadata\/(labels|annotations)|spec\/ingress)(\/|$)/;

/** The labels by which a policy selects pods, and all that they are part of. */
const SELECTED = /^(\/spec(\/template(\/metadata(\/labels(\/app\.kubernetes\.io~1(name|instance|component))?)?)?)?)?$/;

/** Whether a patch can let the server connect to more: by a change of its policy, or of the pods that have one. */
const opensEgress = ({ kind, operations }: Patch) =>
  operations.some(({ path }) => (kind === 'NetworkPolicy' ? !HARMLESS.test(path) : SELECTED.test(path)));

/** What an environment leaves to an attacker. */
export function exposureOf(sections: ExposedSections): Exposure {
  const { auth, server, database, artifacts, networkPolicy, patches } = sections;
  const { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: jobs = 'false' } = server.env;
  const named = [...networkPolicy.egress, ...namedDestinations(sections)];
  const isOpen = !networkPolicy.enabled || named.length > 0 || patches.some(opensEgress);
  return {
    login: auth.enabled,
    basicAuth: usesBasicAuth(auth),
    jobs: isTrue(jobs),
    ownStoresOnly: !isOpen && database.embedded !== undefined && (artifacts.embedded ?? artifacts.volume) !== undefined,
  };
}
