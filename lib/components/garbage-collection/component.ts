import { artifactIdentity } from '../artifacts/identity';
import type { Component } from '../component';
import type { ServerSections } from '../server/server-sections';
import { entryPointOf } from '../shared/maintenance-job';
import { settingTargets } from '../shared/pod-settings';
import { resourceChecks } from '../shared/sections/resources';
import { GARBAGE_COLLECTION_PROGRAM, GarbageCollectionJob } from './construct';
import {
  type GarbageCollection,
  type GivenGarbageCollection,
  garbageCollectionName,
  resolveGarbageCollection,
} from './resolve';
import { garbageCollectionRisks } from './risks';
import { garbageCollection as section } from './section';
import { commonVariables, GC } from './variables';

/** The resolved sections that the contributions of this component follow from. */
export interface Part {
  readonly garbageCollection?: GarbageCollection;
}

type Resolved = Part & ServerSections;

/** Connections to PostgreSQL: for its lock, and for its work. */
const CONNECTIONS = 4;

/** Permanently removes what was deleted long ago. */
export const garbageCollection = {
  sections: { garbageCollection: section.optional() },
  checks: (given) => resourceChecks(['garbageCollection'], given.garbageCollection?.resources),
  resolve: resolveGarbageCollection,
  risks: garbageCollectionRisks,
  connections: (given) => (given.garbageCollection ? CONNECTIONS : 0),
  // Its own variables override those of the environment file.
  variables: (resolved) => (resolved.garbageCollection ? commonVariables(resolved) : []),
  reserved: [
    { names: [`${GC}*`], instead: 'use another prefix, because it is that of the settings of garbage collection' },
  ],
  accounts: (resolved) =>
    resolved.garbageCollection && !artifactIdentity(resolved) ? [garbageCollectionName(resolved.name)] : [],
  traffic: (resolved) => {
    if (!resolved.garbageCollection) return [];
    const uses = ['dns', 'database', 'artifacts', ...settingTargets('garbage-collection'), 'server'];
    return [{ role: 'garbage-collection', policy: garbageCollectionName(resolved.name), uses }];
  },
  alerts: ({ name, garbageCollection: own }, { series }) => {
    if (!own) return [];
    const cronJob = garbageCollectionName(name);
    return [
      {
        name: 'MlflowGarbageCollectionFailed',
        group: 'mlflow-jobs',
        severity: 'warning',
        query: series.lastFailed(cronJob),
        minutes: 0,
        summary: `the last garbage collection of MLflow ${name} failed`,
        description: `A Job of CronJob ${cronJob} failed, and no later Job has succeeded. Deleted data still uses storage.`,
      },
    ];
  },
  entryPoints: (resolved) => (resolved.garbageCollection ? [entryPointOf(GARBAGE_COLLECTION_PROGRAM)] : []),
  file: 'garbage-collection',
  create: (scope, id, resolved, { instance, programs }) => {
    const { garbageCollection: settings } = resolved;
    if (settings) new GarbageCollectionJob(scope, id, { instance, environment: resolved, programs, settings });
  },
} satisfies Component<GivenGarbageCollection, Part, Resolved>;
