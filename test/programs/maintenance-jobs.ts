import { garbageCollectionVariables } from '../../lib/components/garbage-collection/variables';
import { smokeTestVariables } from '../../lib/components/smoke-test/variables';
import type { Lab } from './lab';
import { labEnvironment, type RenderedServer, runJob } from './rendered-server';

/** How clients reach artifacts, which are on a volume or in a bucket. */
export type Access = 'proxied' | 'direct' | 'on a volume';

/** An environment with garbage collection. */
export const environmentOf = (lab: Lab, version: string, name = `jobs-${version}`, access: Access = 'proxied') =>
  labEnvironment(lab, version, name, {
    artifacts:
      access === 'on a volume'
        ? { s3: undefined, volume: { prefix: name } }
        : { access, s3: { bucket: name, endpoint: lab.store.url, createBucket: true } },
    garbageCollection: { olderThan: '1h' },
  });

/** Runs the garbage collection of a server's environment. */
export const collect = (
  lab: Lab,
  server: Pick<RenderedServer, 'environment' | 'url'>,
  changes: Readonly<Record<string, string>> = {},
) => {
  const { environment } = server;
  const settings = environment.garbageCollection;
  if (!settings) throw new Error('no garbage collection');
  return runJob(lab, server, 'garbage_collection', garbageCollectionVariables(environment, settings), changes);
};

/** Runs the smoke test against a server. */
export const smokeTest = (
  lab: Lab,
  server: Pick<RenderedServer, 'environment' | 'url'>,
  changes: Readonly<Record<string, string>> = {},
) => runJob(lab, server, 'smoke_test', smokeTestVariables(server.environment), changes);
