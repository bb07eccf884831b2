import { basename, dirname, relative, resolve } from 'node:path';
import { loadEnvironment } from '../../environment/load';
import { InputError } from '../../input/input-error';
import { EnvironmentError, lineBy } from '../../input/issue';
import { folderWords } from '../environment-folder';
import { withOthers } from '../environments';
import { readPrograms } from '../programs';
import { fileMisuses } from './misuses';
import type { ChartOptions } from './props';
import { ChartSource } from './source';

/**
 * Reads an environment file with all that its folder has.
 *
 * @throws InputError with every issue, as formatted lines.
 * @throws EnvironmentError if the arguments are wrong.
 */
export function readChartFile(file: string, options: ChartOptions): ChartSource {
  const misused = fileMisuses(file, options);
  if (misused.length > 0) throw new EnvironmentError(misused);
  const { programs, warn } = options;
  const reading = withOthers(dirname(file), '', loadEnvironment(file), sealCommand(file));
  if ('issues' in reading) throw new InputError(reading.issues);
  const { environment, sealedSecrets, userObjects, sopsSecrets, warnings, sharing, locate } = reading;
  return new ChartSource({
    environment,
    programs: programs ?? readPrograms(),
    sealedSecrets,
    userObjects,
    sopsSecrets,
    warnings: [...warnings, ...sharing],
    line: lineBy(locate),
    warn,
  });
}

/** The command line that seals a Secret of the folder of a file. */
function sealCommand(file: string): (_: string, named: readonly string[]) => string {
  const folder = dirname(resolve(file));
  const environments = relative('', dirname(folder)) || '.';
  return (_, named) => ['cdk8s-mlflow seal', basename(folder), ...named, ...folderWords(environments)].join(' ');
}
