import { homedir } from 'node:os';
import { join } from 'node:path';

/** The oldest and the newest release that we support; both run in every test that depends on the release. */
export const releases = ['3.1.0', '3.18.0'] as const;
export type Release = (typeof releases)[number];

/** Where `setup` puts what is not on the machine. */
export const home = process.env.MLFLOW_TEST_HOME || join(homedir(), '.cache', 'cdk8s-mlflow-test');

export const scripts = join(__dirname, '..', '..', 'lib', 'scripts');
export const script = (name: string): string => join(scripts, name);
export const virtualEnvironment = (release: Release): string => join(home, `mlflow-${release}`, 'bin');
export const python = (release: Release): string => join(virtualEnvironment(release), 'python');
export const versitygw = join(home, 'bin', 'versitygw');
