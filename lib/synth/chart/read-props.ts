import { defineEnvironment } from '../../environment/define';
import { isRecord } from '../../input/is-record';
import { EnvironmentError, formatUnlocated, type Issue, violatedChecks } from '../../input/issue';
import { readSealedSecrets } from '../../sealed-secrets/file';
import { readPrograms } from '../programs';
import type { MlflowChartProps } from './props';
import { ChartSource } from './source';

/**
 * Reads the props of a chart.
 *
 * @throws EnvironmentError with every issue.
 */
export function readProps(props: MlflowChartProps): ChartSource {
  const misused = misuses(props);
  if (misused.length > 0) throw new EnvironmentError(misused);
  const { sealedSecrets = '', objects = [], programs, warn, ...keys } = props;
  const warnings: string[] = [];
  const { secrets, issues: sealed } = readSealedSecrets(sealedSecrets, 'sealedSecrets');
  const unsealed = sealed.map(
    ({ path, at, message }): Issue => ({
      path: ['sealedSecrets', ...path],
      message: `${message} [line ${at.line}]`,
    }),
  );
  try {
    const environment = defineEnvironment(keys, (warning) => warnings.push(formatUnlocated(warning)));
    if (unsealed.length > 0) throw new EnvironmentError([]);
    return new ChartSource({
      environment,
      programs: programs ?? readPrograms(),
      sealedSecrets: secrets,
      userObjects: objects.map((manifest) => ({ manifest })),
      sopsSecrets: [],
      warnings,
      line: formatUnlocated,
      warn,
    });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new EnvironmentError([...error.issues, ...unsealed]);
  }
}

/** What the compiler refuses in TypeScript. */
function misuses(props: unknown): Issue[] {
  if (!isRecord(props)) return [{ path: [], message: 'is not a map of keys (pass { database: …, artifacts: … })' }];
  const { sealedSecrets = '', objects = [], programs = {}, warn = () => undefined } = props;
  return violatedChecks([
    {
      path: ['sealedSecrets'],
      violated: typeof sealedSecrets !== 'string',
      message: 'is not a text (pass what sealed-secrets.yaml contains)',
    },
    { path: ['objects'], violated: !Array.isArray(objects), message: 'is not a list (pass [object, …])' },
    { path: ['programs'], violated: !isRecord(programs), message: 'is not a map (pass what readPrograms returns)' },
    { path: ['warn'], violated: typeof warn !== 'function', message: 'is not a function (pass (line) => …)' },
  ]);
}
