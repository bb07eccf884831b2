import { defineEnvironment } from '../../environment/define';
import { EnvironmentError, formatUnlocated, type Issue } from '../../input/issue';
import { readSealedSecrets } from '../../sealed-secrets/file';
import { readPrograms } from '../programs';
import type { MlflowChartProps } from './props';
import { ChartSource } from './source';

/**
 * Reads the props of a chart.
 *
 * @throws EnvironmentError with every issue.
 */
export function readProps({
  sealedSecrets = '',
  objects = [],
  programs,
  warn,
  ...keys
}: MlflowChartProps): ChartSource {
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
