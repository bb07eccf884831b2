import type { Component } from '../component';
import { clientPort } from '../service/hosts';
import { PREPARE } from '../shared/constants';
import { type NamingSections, targetAt } from '../shared/contributions/destinations';
import { sourceReferences } from '../shared/contributions/references';
import { podPeer, tcp } from '../shared/contributions/traffic';
import { settingTargets } from '../shared/pod-settings';
import { podAdditions } from './additions';
import { serverChecks } from './checks';
import { Server } from './construct';
import { serverIssues } from './issues';
import { appDestinations, containerDestinations, optionDestinations, variableDestinations } from './named-addresses';
import { serverAlerts, serverPanels } from './observability';
import { SERVER_PROGRAMS } from './pod';
import { type GivenServer, type Server as ResolvedServer, resolveServer } from './resolve';
import { serverRisks } from './risks';
import { server as section } from './section';
import type { ServerSections } from './server-sections';
import { ownPrepareVariables } from './variables/prepare';
import { ownServerVariables } from './variables/server';
import { serverWarnings } from './warnings';
import { webRisks } from './web-risks';

type Resolved = ServerSections &
  NamingSections &
  Parameters<typeof serverAlerts>[0] &
  Parameters<typeof serverWarnings>[0];

/** The tracking server. */
export const server = {
  sections: { server: section.prefault({}) },
  checks: serverChecks,
  resolve: resolveServer,
  issues: serverIssues,
  warnings: serverWarnings,
  risks: (resolved) => [...serverRisks(resolved), ...webRisks(resolved)],
  provided: ({ server: { envFrom, envReferences, serviceAccount } }) => [
    ...envFrom.flatMap((source) => sourceReferences(source)),
    ...Object.values(envReferences).flatMap((source) => sourceReferences(source, source.key)),
    ...(serviceAccount.create ? [] : [{ kind: 'ServiceAccount' as const, name: serviceAccount.name }]),
  ],
  patches: podAdditions,
  variables: (resolved) => [...ownServerVariables(resolved), ...ownPrepareVariables(resolved)],
  reserved: [
    // A server does not start with it (since 3.10.0).
    { names: ['MLFLOW_WORKSPACE'], instead: 'set it for clients, each of which has a workspace' },
    { names: [`${PREPARE}*`], instead: 'use another prefix, because it is that of the settings of prepare' },
  ],
  traffic: ({ name, auth }) => [
    {
      role: 'server',
      policy: name,
      uses: [
        ...['dns', 'database', 'artifacts', 'options', 'containers', ...settingTargets('server')],
        ...(auth.oidc ? ['provider'] : []),
        ...(auth.app ? ['app'] : []),
      ],
    },
  ],
  targets: (resolved) => [
    { name: 'server', egress: [{ to: [podPeer(resolved, 'server')], ports: [tcp(clientPort(resolved))] }] },
    targetAt('options', optionDestinations(resolved), resolved),
    targetAt('variables', variableDestinations(resolved), resolved),
    targetAt('app', appDestinations(resolved), resolved),
    targetAt('containers', containerDestinations(resolved), resolved),
  ],
  thresholds: { downMinutes: 'server.replicas of at least 1' },
  alerts: (resolved, { series }) => serverAlerts(resolved, series),
  panels: (resolved, { series }) => serverPanels(resolved, series),
  // All of them, whatever the settings: while a rollout is not ready, pods of the old ReplicaSet serve, and so they do
  // after a roll-back. If metrics are turned off and the ConfigMap is pruned, they cannot start on another node.
  entryPoints: () => SERVER_PROGRAMS,
  file: 'deployment',
  create: (scope, id, resolved, { instance, programs, sealedSecrets }) => {
    new Server(scope, id, { instance, environment: resolved, programs, sealedSecrets });
  },
} satisfies Component<GivenServer, { readonly server: ResolvedServer }, Resolved>;
