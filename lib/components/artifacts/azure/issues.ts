import { type Issue, violatedChecks } from '../../../input/issue';
import { type Release, sinceRelease } from '../../../mlflow/releases';
import { RELEASE_KEYS } from '../../image/resolve';
import type { AzureArtifacts } from './resolve';

/** What a release cannot do with a container. */
export const azureIssues = ({ cloud }: AzureArtifacts, release: Release): Issue[] =>
  violatedChecks([
    {
      path: ['artifacts', 'azure', 'cloud'],
      dependsOn: RELEASE_KEYS,
      violated: cloud === 'usgovernment' && !release.can('usGovernmentBlobs'),
      message: `is usgovernment, whose host names MLflow ${release.version} refuses (use MLflow ${sinceRelease('usGovernmentBlobs')} or newer)`,
    },
  ]);
