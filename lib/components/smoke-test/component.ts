import type { Component } from '../component';
import type { ServerSections } from '../server/server-sections';
import { entryPointOf } from '../shared/maintenance-job';
import { settingTargets } from '../shared/pod-settings';
import { SMOKE_TEST_PROGRAM, SmokeTest } from './construct';
import { type SmokeTestSection, smokeTestName } from './resolve';
import { smokeTest as section } from './section';
import { commonVariables, smokeTestIdentity } from './variables';

/** The resolved sections that the contributions of this component follow from. */
export interface Sections {
  readonly smokeTest: SmokeTestSection;
}

/** A test of the running server, from login to model, as a client sees it. */
export const smokeTest = {
  sections: { smokeTest: section.prefault({}) },
  resolve: (given) => ({ smokeTest: given.smokeTest }),
  // Its own variables override those of the environment file.
  variables: (resolved) => (resolved.smokeTest.enabled ? commonVariables(resolved) : []),
  accounts: (resolved) =>
    resolved.smokeTest.enabled && !smokeTestIdentity(resolved) ? [smokeTestName(resolved.name)] : [],
  traffic: (resolved) => {
    if (!resolved.smokeTest.enabled) return [];
    const store = resolved.artifacts.access === 'direct' ? ['artifacts'] : [];
    const uses = ['dns', ...store, ...settingTargets('smoke-test'), 'server'];
    return [{ role: 'smoke-test', policy: smokeTestName(resolved.name), uses }];
  },
  entryPoints: (resolved) => (resolved.smokeTest.enabled ? [entryPointOf(SMOKE_TEST_PROGRAM)] : []),
  file: 'smoke-test',
  create: (scope, id, resolved, { instance, programs }) => {
    if (resolved.smokeTest.enabled) new SmokeTest(scope, id, { instance, environment: resolved, programs });
  },
} satisfies Component<Sections, Sections, Sections & ServerSections>;
