import type { Check } from '../../input/issue';
import type { MountingServer } from '../shared/unshared-claim';
import { azureArtifactChecks, type LoggingInServer } from './azure/checks';
import { directChecks } from './direct';
import { embeddedChecks } from './embedded/checks';
import { artifactGcsChecks, type ServerLogin } from './gcs/checks';
import { otherStoreChecks } from './other-stores';
import { type PresigningServer, presignedChecks } from './presigned';
import type { ArtifactsSection } from './resolve';
import { accountChecks, externalS3Checks, type ServerAccount } from './s3/checks';
import { volumeChecks } from './volume/checks';

/** The sections that the artifact store is checked with. */
export interface CheckedArtifacts {
  readonly artifacts: ArtifactsSection;
  readonly server: MountingServer & PresigningServer & ServerAccount & ServerLogin & LoggingInServer;
}

/** Checks between the keys of the artifact store. */
export function artifactsChecks({ artifacts, server }: CheckedArtifacts): Check[] {
  return [...directChecks(artifacts), ...presignedChecks(artifacts, server), ...storeChecks({ artifacts, server })];
}

function storeChecks({ artifacts, server }: CheckedArtifacts): Check[] {
  const { azure, embedded, volume, gcs, ...others } = artifacts;
  if (volume) return [...otherStoreChecks('volume', artifacts), ...volumeChecks({ ...others, volume, server })];
  if (azure) return [...otherStoreChecks('azure', artifacts), ...azureArtifactChecks(azure, server)];
  if (gcs) return [...otherStoreChecks('gcs', artifacts), ...artifactGcsChecks(gcs, server)];
  return embedded
    ? embeddedChecks({ ...others, embedded })
    : [...externalS3Checks(artifacts.s3), ...accountChecks(artifacts.s3, server)];
}
