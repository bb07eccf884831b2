import { homedir } from 'node:os';
import { join } from 'node:path';

/** The oldest and the newest release that we support; both run in every test that depends on the release. */
export const releases = ['3.1.0', '3.18.0'] as const;
export type Release = (typeof releases)[number];

/** Those that `releases.test.ts` runs: each first of its kind, or of the middle of what is alike. */
export const runReleases = ['3.1.0', '3.2.0', '3.3.2', '3.7.0', '3.10.1', '3.11.1', '3.14.0', '3.18.0'] as const;

/** Where `setup` puts what is not on the machine. */
export const home = process.env.MLFLOW_TEST_HOME || join(homedir(), '.cache', 'cdk8s-mlflow-test');

export const scripts = join(__dirname, '..', '..', 'lib', 'scripts');
export const script = (name: string): string => join(scripts, name);
export const virtualEnvironment = (release: string): string => join(home, `mlflow-${release}`, 'bin');
export const python = (release: string): string => join(virtualEnvironment(release), 'python');
export const versitygw = join(home, 'bin', 'versitygw');
