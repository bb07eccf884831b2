import type { Check } from '../../input/issue';
import type { MountingServer } from '../shared/unshared-claim';
import { embeddedChecks } from './embedded/checks';
import type { ArtifactsSection } from './resolve';
import { accountChecks, externalS3Checks, type ServerAccount } from './s3/checks';
import { type PresigningServer, volumeChecks } from './volume/checks';

/** The sections that the artifact store is checked with. */
export interface CheckedArtifacts {
  readonly artifacts: ArtifactsSection;
  readonly server: MountingServer & PresigningServer & ServerAccount;
}

/** Checks between the keys of the artifact store. */
export function artifactsChecks({ artifacts, server }: CheckedArtifacts): Check[] {
  const { embedded, volume, ...others } = artifacts;
  if (volume) return volumeChecks({ ...others, embedded, volume, server });
  return embedded
    ? embeddedChecks({ ...others, embedded })
    : [...externalS3Checks(artifacts.s3), ...accountChecks(artifacts.s3, server)];
}
