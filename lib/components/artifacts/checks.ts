import type { Check } from '../../input/issue';
import { embeddedChecks } from './embedded/checks';
import type { ArtifactsSection } from './resolve';
import { externalS3Checks } from './s3/checks';

/** Checks between the keys of the artifact store. */
export function artifactsChecks({ artifacts }: { readonly artifacts: ArtifactsSection }): Check[] {
  const { embedded, ...others } = artifacts;
  return embedded ? embeddedChecks({ ...others, embedded }) : externalS3Checks(artifacts.s3);
}
