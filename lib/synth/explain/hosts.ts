import { type Accepted, acceptedHosts, acceptedOrigins } from '../../components/service/accepted';
import { sinceRelease } from '../../mlflow/releases';
import type { NamedEnvironment } from '../environments';

/** Every host and origin that MLflow accepts in an environment, with its reason. */
export function explainHosts({ name, environment }: NamedEnvironment): string[] {
  const { release } = environment;
  const unchecked = release.can('hostCheck')
    ? []
    : [`# MLflow ${release.version} does not compare them; ${sinceRelease('hostCheck')} and newer do.`];
  const own = release.can('pageOriginCheck') ? '' : ' and the page of the server itself';
  return [
    `# ${name}: hosts that requests may name, each with and without a port unless one is written`,
    ...unchecked,
    ...table(acceptedHosts(environment)),
    `# ${name}: origins of web pages that may use the API, besides localhost${own}`,
    ...table(acceptedOrigins(environment)),
  ];
}

/** One line for each name, with all its reasons. */
function table(accepted: readonly Accepted[]): string[] {
  const reasons = new Map<string, Set<string>>();
  for (const { name, reason } of accepted) reasons.set(name, (reasons.get(name) ?? new Set()).add(reason));
  const width = Math.max(0, ...[...reasons.keys()].map((name) => name.length));
  return [...reasons].map(([name, all]) => `${name.padEnd(width)}  ${[...all].join(', ')}`);
}
