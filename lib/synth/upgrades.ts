import { upgradeNotes } from '../environment/upgrade';
import type { NamedEnvironment } from './environments';
import { manifestsOf } from './output/diff';
import { fileName } from './output/render';
import type { FileChange } from './output/writer';
import { componentOf } from './rules/workloads';

/** What a change of the MLflow release means to the databases of environments: lines to print. */
export function describeUpgrades(changes: readonly FileChange[], environments: readonly NamedEnvironment[]): string[] {
  return environments.flatMap(({ name, environment }) => {
    const change = changes.find(({ path }) => path === `${name}/${fileName('deployment')}`);
    const before = change?.action === 'update' && change.before ? releaseIn(change.before) : undefined;
    return before ? upgradeNotes(before, environment).map((note) => `${name}: ${note}`) : [];
  });
}

/** The release of the server in a text of manifests, from its label. */
function releaseIn(text: string): string | undefined {
  const server = manifestsOf(text).find((object) => object.kind === 'Deployment' && componentOf(object) === 'server');
  const version = server?.metadata.labels?.['app.kubernetes.io/version'] ?? '';
  return /^\d+\.\d+\.\d+$/.test(version) ? version : undefined;
}
