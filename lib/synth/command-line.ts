/** The folder of the environments by default. */
export const ENVIRONMENTS = 'environments';

/** The scripts of npm by which a clone of the project calls its commands. */
const SCRIPTS = ['init', 'seal', 'synth'];

/**
 * A command for an environment as a person calls it here, for messages: in a clone commands are scripts of npm.
 *
 * @param more what follows the environment's name
 */
export function commandLine(command: string, name: string, environments: string, more: readonly string[] = []): string {
  const isScript = SCRIPTS.includes(process.env.npm_lifecycle_event ?? '');
  const called = isScript ? `npm run -s ${command} --` : `cdk8s-mlflow ${command}`;
  const where = environments === ENVIRONMENTS ? [] : ['--environments', environments];
  return [called, name, ...more, ...where].join(' ');
}
