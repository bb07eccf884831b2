import { shellWord } from '../input/shell-word';
import { ENVIRONMENTS, folderWords } from '../synth/environment-folder';

/** The npm scripts by which a clone of the project runs its commands. */
export const SCRIPTS = ['graph', 'init', 'seal', 'synth'];

/** The npm script that runs, if it is one of these. */
const calledScript = (): string | undefined => SCRIPTS.find((script) => script === process.env.npm_lifecycle_event);

/** How a user calls a command: in a clone commands are npm scripts. */
function callOf(command: string): string {
  return calledScript() !== undefined && SCRIPTS.includes(command)
    ? `npm run -s ${command} --`
    : `cdk8s-mlflow ${command}`;
}

/**
 * The command line that a user types to run a command for an environment, for messages and examples.
 *
 * @param name the environment; empty for none
 * @param environments the folder of the environments
 * @param more what follows the name of the environment
 */
export function commandLine(command: string, name: string, environments: string, more: readonly string[] = []): string {
  return [callOf(command), name, ...more, ...folderWords(environments)].filter((word) => word !== '').join(' ');
}

/** The command line that fetches the certificate of the Sealed Secrets controller, for messages. */
export const fetchCommand = (file: string): string => `kubeseal --fetch-cert > ${shellWord(file)}`;

/** The command line that prints the help of a command, or of all commands. */
export const helpLine = (command = calledScript()): string =>
  command === undefined ? 'cdk8s-mlflow --help' : commandLine(command, '', ENVIRONMENTS, ['--help']);
