import type { Release } from '../../mlflow/releases';
import type { Component } from '../component';
import { type NamingSections, targetAt } from '../shared/contributions/destinations';
import { endpointWarnings } from '../shared/sections/s3-endpoint';
import { artifactsChecks, type CheckedArtifacts } from './checks';
import { ObjectStore } from './embedded/construct';
import { objectStoreName } from './embedded/resolve';
import { embeddedStoreEgress } from './embedded/store';
import { RESERVED_GCS_VARIABLES } from './gcs/reserved';
import { type Artifacts, type GivenArtifacts, resolveArtifacts } from './resolve';
import { artifactsRisks } from './risks';
import { RESERVED_S3_VARIABLES } from './s3/reserved';
import { artifacts as section } from './section';
import { artifactStore } from './stores';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends NamingSections {
  readonly name: string;
  readonly artifacts: Artifacts;
  readonly release: Release;
}

/** The artifact store; an embedded one is created. */
export const artifacts = {
  sections: { artifacts: section.prefault({}) },
  checks: artifactsChecks,
  resolve: resolveArtifacts,
  issues: (resolved) => artifactStore(resolved.artifacts).issues?.(resolved.release) ?? [],
  warnings: ({ artifacts: { s3, embedded } }) => (s3 && !embedded ? endpointWarnings(['artifacts', 's3'], s3) : []),
  risks: artifactsRisks,
  secretKeys: (resolved) => artifactStore(resolved.artifacts).secretKeys,
  provided: (resolved) => artifactStore(resolved.artifacts).provided,
  claims: (resolved) => artifactStore(resolved.artifacts).claims,
  targets: (resolved) => {
    if (resolved.artifacts.embedded) {
      return [{ name: 'artifacts', egress: embeddedStoreEgress(resolved), role: 'object-store' }];
    }
    return [targetAt('artifacts', artifactStore(resolved.artifacts).destinations, resolved)];
  },
  reserved: [...RESERVED_S3_VARIABLES, ...RESERVED_GCS_VARIABLES],
  traffic: (resolved) =>
    resolved.artifacts.embedded ? [{ role: 'object-store', policy: objectStoreName(resolved.name) }] : [],
  accounts: (resolved) => (resolved.artifacts.embedded ? [objectStoreName(resolved.name)] : []),
  storePods: (resolved) => (resolved.artifacts.embedded ? [`${objectStoreName(resolved.name)}-0`] : []),
  file: 'object-store',
  create: (scope, id, resolved, { instance, sealedSecrets }) => {
    const { s3, embedded: settings } = resolved.artifacts;
    if (!s3?.credentials || !settings) return;
    const { region, credentials } = s3;
    new ObjectStore(scope, id, { instance, region, credentials, settings, sealedSecrets });
  },
} satisfies Component<GivenArtifacts & CheckedArtifacts, { readonly artifacts: Artifacts }, Resolved>;
