import type { Component } from '../component';
import { caReferences } from '../shared/ca-volumes';
import { OBJECT_STORE_PORT } from '../shared/constants';
import { type NamingSections, storeEgress } from '../shared/contributions/destinations';
import { keysOf } from '../shared/contributions/secret-keys';
import { podPeer, tcp } from '../shared/contributions/traffic';
import { artifactsChecks } from './checks';
import { ObjectStore } from './construct';
import { type Artifacts, type GivenArtifacts, objectStoreName, resolveArtifacts } from './resolve';
import { artifactsRisks } from './risks';
import { artifacts as section } from './section';
import { RESERVED_ARTIFACT_VARIABLES } from './variables';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends NamingSections {
  readonly name: string;
  readonly artifacts: Artifacts;
}

/** The artifact store; an embedded one is created. */
export const artifacts = {
  sections: { artifacts: section.prefault({}) },
  checks: artifactsChecks,
  resolve: resolveArtifacts,
  risks: artifactsRisks,
  secretKeys: ({ artifacts: { s3, embedded } }) =>
    keysOf(
      {
        section: ['artifacts', 's3', 'credentials'],
        purpose: 'object-store',
        secret: s3.credentials.secret,
        isOurs: embedded !== undefined,
      },
      [
        ['accessKeyIdKey', s3.credentials.accessKeyIdKey, 's3-access-key-id', { random: 20 }],
        ['secretAccessKeyKey', s3.credentials.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }],
      ],
    ),
  provided: (resolved) => caReferences(resolved.artifacts.s3.tls.ca),
  claims: ({ artifacts: { embedded } }) =>
    embedded ? [{ claim: embedded.claim, path: ['artifacts', 'embedded', 'storage', 'name'], create: true }] : [],
  targets: (resolved) => {
    const { embedded, s3 } = resolved.artifacts;
    const egress = embedded
      ? [{ to: [podPeer(resolved, 'object-store')], ports: [tcp(OBJECT_STORE_PORT)] }]
      : storeEgress(s3.endpoint, resolved);
    return [{ name: 'artifacts', egress, role: embedded && 'object-store' }];
  },
  reserved: RESERVED_ARTIFACT_VARIABLES,
  traffic: (resolved) =>
    resolved.artifacts.embedded ? [{ role: 'object-store', policy: objectStoreName(resolved.name) }] : [],
  storePods: (resolved) => (resolved.artifacts.embedded ? [`${objectStoreName(resolved.name)}-0`] : []),
  file: 'object-store',
  create: (scope, id, resolved, { instance, sealedSecrets }) => {
    const { s3, embedded: settings } = resolved.artifacts;
    if (settings) new ObjectStore(scope, id, { instance, s3, settings, sealedSecrets });
  },
} satisfies Component<GivenArtifacts, { readonly artifacts: Artifacts }, Resolved>;
