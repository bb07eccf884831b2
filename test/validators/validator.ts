import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withDefinitions } from './definitions';

/** The folder of the validators: third-party programs, and a script that runs them all over a folder. */
export const TOOLS = resolve(process.env.MLFLOW_LAB_DIR ?? join(__dirname, '..', '..', '..', 'shared'), 'tools');

/** Definitions of common kinds that a cluster does not have by itself. */
export const CRDS = join(TOOLS, '..', 'crds');

/** Where the programs and the schemas are that the script runs. */
export const LAB_HOME = process.env.MLFLOW_LAB_HOME ?? '/var/tmp/mlflow-lab';

/** The validators that must have run. Others count too if they are installed. */
export const VALIDATORS = [
  ...['files', 'yaml11-12', 'yamllint', 'duplicates', 'flux-subst', 'kustomize', 'kubectl-validate', 'kubeconform'],
  ...['psa-restricted', 'kube-score', 'checkov', 'promtool', 'grafana'],
] as const;

/**
 * The Kubernetes releases that schemas and Pod Security are validated for: the first that has every field that is rendered,
 * the newest, and some between. Every one would only take longer.
 */
export const KUBERNETES = ['1.26', '1.29', '1.32', '1.34', '1.36'] as const;

/** Something that a validator objects to. */
export interface Violation {
  readonly validator: string;
  readonly rule: string;
  /** Kind, namespace and name, if the validator says them. */
  readonly object: string;
  /** The folder that it was found in: an environment. Empty if the validator names no file. */
  readonly environment: string;
  readonly message: string;
}

/** The result of the validators for a folder. */
export interface Verdict {
  /** 0 if no violation is left after the exceptions, 1 if one is, 2 if a validator failed. */
  readonly exit: number;
  /** Number of checked objects. */
  readonly objects: number;
  /** State of each validator: clean, findings, absent or broken. */
  readonly states: Readonly<Record<string, string>>;
  /** All violations, including forgiven ones. */
  readonly violations: readonly Violation[];
}

/** The JSON of the program, with its names. */
interface Report {
  readonly exit: number;
  readonly objects: number;
  readonly judges: readonly {
    readonly judge: string;
    readonly state: string;
    readonly note?: string;
    readonly findings: readonly (Omit<Violation, 'validator' | 'environment'> & { severity: string; file: string })[];
  }[];
}

/** Runs every validator over a folder with a folder for each environment. */
export async function validate(
  folder: string,
  exceptions: string,
  versions: readonly string[] = KUBERNETES,
): Promise<Verdict> {
  const program = join(TOOLS, 'judge');
  if (!existsSync(program)) {
    throw new Error(`no validators at ${TOOLS}: set MLFLOW_LAB_DIR to the folder of the test lab (CONTRIBUTING.md)`);
  }
  const { stdout, stderr } = await withDefinitions(CRDS, (definitions) =>
    output(program, [
      '--json',
      '--exceptions',
      exceptions,
      '--versions',
      versions.join(','),
      '--crds',
      definitions,
      folder,
    ]),
  );
  if (!stdout.startsWith('{')) throw new Error(`the validators failed: ${stderr.slice(-2000)}`);
  const report = JSON.parse(stdout) as Report;
  return {
    exit: report.exit,
    objects: report.objects,
    states: Object.fromEntries(
      report.judges.map(({ judge: name, state, note }) => [name, note ? `${state}: ${note}` : state]),
    ),
    // Information is not an objection.
    violations: report.judges.flatMap(({ judge: name, findings }) =>
      findings
        .filter(({ severity }) => severity !== 'info')
        .map(({ rule, object, file, message }) => ({
          validator: name,
          rule,
          object,
          environment: folderOf(file),
          message,
        })),
    ),
  };
}

const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

/** What a program prints, whatever its exit code. */
export function output(program: string, given: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const settings = { maxBuffer: 2 ** 28, env: { ...process.env, KUBECONFIG: '/dev/null' } };
  return new Promise((done, failed) => {
    execFile(program, given, settings, (error, stdout, stderr) => {
      // A number is an exit code; a text says why the program did not run.
      if (error && typeof error.code !== 'number') failed(error);
      else done({ stdout, stderr });
    });
  });
}
