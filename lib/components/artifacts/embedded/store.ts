import type { NetworkPolicyEgressRule } from '../../../kubernetes/objects';
import { OBJECT_STORE_PORT } from '../../shared/constants';
import { podPeer, tcp } from '../../shared/contributions/traffic';
import type { StoreSettings } from '../../shared/embedded';
import type { S3 } from '../s3/resolve';
import { s3Keys, s3Store } from '../s3/store';
import type { ArtifactStore } from '../store';

/** A bucket in the instance's own S3 store. */
export const embeddedStore = (s3: S3, { claim }: StoreSettings): ArtifactStore => ({
  ...s3Store(s3),
  secretKeys: s3Keys(s3, true),
  claims: [{ claim, path: ['artifacts', 'embedded', 'storage', 'name'], create: true }],
  destinations: [],
});

/** How pods reach the store of an instance. */
export const embeddedStoreEgress = (owner: { readonly name: string }): NetworkPolicyEgressRule[] => [
  { to: [podPeer(owner, 'object-store')], ports: [tcp(OBJECT_STORE_PORT)] },
];
