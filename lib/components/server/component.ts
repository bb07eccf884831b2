import type { Component } from '../component';
import { SERVER_PORT } from '../shared/constants';
import { sourceReferences } from '../shared/references';
import { podPeer, tcp } from '../shared/traffic';
import { serverChecks } from './checks';
import { Server, type ServerJobs } from './construct';
import { serverIssues } from './issues';
import { serverAlerts, serverPanels } from './observability';
import { ownPrepareVariables } from './prepare-variables';
import { type GivenServer, type Server as ResolvedServer, resolveServer } from './resolve';
import type { ServerSections } from './sections';
import { ownServerVariables } from './variables';

type Resolved = ServerSections & ServerJobs & Parameters<typeof serverAlerts>[0];

/** The tracking server. */
export const server = {
  checks: serverChecks,
  resolve: resolveServer,
  issues: serverIssues,
  provided: (resolved) => resolved.server.envFrom.flatMap((source) => sourceReferences(source)),
  variables: (resolved) => [...ownServerVariables(resolved), ...ownPrepareVariables(resolved)],
  traffic: ({ name }) => [{ role: 'server', policy: name, uses: ['dns', 'database', 'artifacts', 'further'] }],
  targets: (resolved) => [
    { name: 'server', egress: [{ to: [podPeer(resolved, 'server')], ports: [tcp(SERVER_PORT)] }] },
  ],
  alerts: (resolved, { series }) => serverAlerts(resolved, series),
  panels: (resolved, { series }) => serverPanels(resolved, series),
  file: 'deployment',
  create: (scope, id, resolved, { instance, programs, sealedSecrets }) => {
    new Server(scope, id, { instance, environment: resolved, jobs: resolved, programs, sealedSecrets });
  },
} satisfies Component<GivenServer, { readonly server: ResolvedServer }, Resolved>;
