import { type Issue, violatedChecks } from '../../input/issue';
import { compareReleases, NEWEST_RELEASE, type Release, sinceRelease } from '../../mlflow/releases';
import { usesBasicAuth } from '../auth/login';
import { type ExposedSections, exposureOf } from './exposure';
import { type ContainerImage, isOfficial, releasePath } from './resolve';
import { vulnerabilityMessage } from './vulnerability-message';

/** The resolved sections that determine whether an image works, and what can be attacked. */
export interface ImageSections extends ExposedSections {
  readonly release: Release;
  readonly image: ContainerImage;
  readonly mlflowVersion?: string;
}

/** Issues of the image. */
export function imageIssues({ image, auth, release: mlflow }: ImageSections): Issue[] {
  const { tag } = image;
  const official = isOfficial(image) && tag !== undefined;
  const full = tag?.endsWith('-full') ?? false;
  const usable = sinceRelease(usesBasicAuth(auth) ? 'fullImageWithAuthentication' : 'fullImage');
  const fix = `use a -full tag of ${usable} or newer, or an image of your own as in image/README.md`;
  return violatedChecks([
    {
      path: ['auth', 'app'],
      dependsOn: [
        ['image', 'repository'],
        ['image', 'registry'],
      ],
      violated: auth.app !== undefined && isOfficial(image),
      message:
        'is not in the official image, which brings no authentication app but basic-auth (build an image with it, as in image/README.md, and set image.repository)',
    },
    {
      path: ['image', 'tag'],
      dependsOn: [
        ['image', 'repository'],
        ['image', 'registry'],
        ['auth', 'enabled'],
      ],
      violated: official && !full,
      message: `is the bare official image, which has no PostgreSQL driver and no S3 client (${fix})`,
    },
    {
      path: ['image', 'tag'],
      dependsOn: [
        ['image', 'repository'],
        ['image', 'registry'],
        ['auth', 'enabled'],
      ],
      violated: official && full && !mlflow.can('fullImage'),
      message: `does not exist: the official image has -full tags from ${sinceRelease('fullImage')} on (${fix})`,
    },
    {
      path: ['image', 'tag'],
      dependsOn: [
        ['image', 'repository'],
        ['image', 'registry'],
        ['auth', 'enabled'],
      ],
      violated:
        official &&
        full &&
        mlflow.can('fullImage') &&
        usesBasicAuth(auth) &&
        !mlflow.can('fullImageWithAuthentication'),
      message: `lacks packages that basic authentication requires (${fix})`,
    },
  ]);
}

/** Warnings about the release. */
export function imageWarnings(sections: ImageSections): Issue[] {
  const { auth, release: mlflow, mlflowVersion } = sections;
  const path = releasePath({ mlflowVersion });
  const vulnerabilities = vulnerabilityMessage(mlflow, exposureOf(sections));
  return violatedChecks([
    {
      path,
      violated: compareReleases(mlflow.version, NEWEST_RELEASE) > 0,
      message: `is MLflow ${mlflow.version}, newer than any tested release; it is rendered like ${NEWEST_RELEASE} (use that release, or test yours before you rely on it)`,
    },
    { path, violated: vulnerabilities !== undefined, message: vulnerabilities ?? '' },
    {
      path,
      violated: usesBasicAuth(auth) && mlflow.can('sharedDatabase') && !mlflow.can('authUpgrade'),
      message: `is MLflow ${mlflow.version}, which cannot upgrade users and permissions of 3.5.1 or older (use ${sinceRelease('authUpgrade')} or newer, unless the database is new)`,
    },
  ]);
}
