import { homedir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_RELEASES } from '../../lib/mlflow/releases';

/** The oldest and the newest release that we support. */
export const releases = ['3.1.0', '3.18.0'] as const;
export type Release = (typeof releases)[number];

/** Every release of the table is run, from environments that `setup` makes with the same variable: about an hour. */
export const everyRelease = process.env.MLFLOW_TEST_EVERY_RELEASE === 'true';

/** Like `test`, with every release alone: what takes long, and differs by nothing that changes often. */
export const testWithEveryRelease = everyRelease ? test : test.skip;

/** Those of the table with every release, else these. */
export const everyReleaseOr = (these: readonly string[]): readonly string[] =>
  everyRelease ? KNOWN_RELEASES.map(({ version }) => version) : these;

/**
 * Those that are run where the steps between releases matter: the first with uvicorn, the first that take signals, and
 * before 3.12 the last.
 */
export const runReleases = everyReleaseOr(['3.1.0', '3.3.2', '3.10.1', '3.11.1', '3.18.0']);

/** For what differs between releases: the oldest and the newest. */
export const firstAndLast = everyReleaseOr(releases);

/** For what differs little between releases: the newest, and with every release also the oldest. */
export const newestOnly: readonly Release[] = everyRelease ? releases : releases.slice(-1);

/** Where `setup` puts what is not on the machine. */
export const home = process.env.MLFLOW_TEST_HOME || join(homedir(), '.cache', 'cdk8s-mlflow-test');

export const programs = join(__dirname, '..', '..', 'programs');
export const programPath = (name: string): string => join(programs, name);
export const virtualEnvironment = (release: string): string => join(home, `mlflow-${release}`, 'bin');
export const python = (release: string): string => join(virtualEnvironment(release), 'python');
export const versitygw = join(home, 'bin', 'versitygw');
export const fakeGcsServer = join(home, 'bin', 'fake-gcs-server');
/** Azurite's server of blobs, a program of Node. */
export const azurite = join(home, 'azurite', 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
export const oauth2Proxy = join(home, 'bin', 'oauth2-proxy');
export const openidProvider = join(home, 'provider', 'bin', 'python');
