import { App } from 'cdk8s';
import type { Programs } from '../components/shared/programs';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { formatUnlocated } from '../input/issue';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { MlflowChart } from './chart/mlflow-chart';
import { ChartSource } from './chart/source';
import type { Inspection } from './inspect';
import type { AppliedSecret, UserObject } from './user-objects/user-object';

/**
 * Composes the output of an environment by a chart of its own. The same environment, programs, SealedSecrets and objects
 * give the same files, whatever the machine, the time or the process environment.
 *
 * @param userObjects what the output contains besides, in the file `objects`, as Kubernetes writes it. Missing namespaces
 *   are filled in, and the labels and annotations of every object are added.
 * @param sopsSecrets the Secrets that are applied beside the output, which nothing in it may create too
 */
export function composeEnvironment(
  environment: ResolvedEnvironment,
  programs: Programs,
  sealedSecrets: readonly SealedSecret[] = [],
  userObjects: readonly UserObject[] = [],
  sopsSecrets: readonly AppliedSecret[] = [],
): Inspection {
  const parts = { environment, programs, sealedSecrets, userObjects, sopsSecrets, warnings: [], line: formatUnlocated };
  // One chart per app: the time of cdk8s is quadratic in charts. Nothing is written to outdir; we have our own writer.
  return new MlflowChart(new App({ outdir: '.' }), environment.name, new ChartSource(parts))._inspect();
}
