import type { Check } from '../../input/issue';
import type { ArtifactsSection } from './resolve';

/**
 * What MLflow's first experiment cannot have in its location, because it is written into a statement of SQL: `'` ends a
 * text, `:` begins a parameter, and a backslash is doubled.
 *
 * @see https://github.com/mlflow/mlflow/blob/v3.18.0/mlflow/store/tracking/sqlalchemy_store.py (_create_default_experiment)
 */
const UNWRITABLE = /[':\\]/;

/** With direct access, locations of experiments are those in the store. */
export const directChecks = ({ access, s3, gcs }: ArtifactsSection): Check[] =>
  Object.entries({ s3, gcs }).map(([store, section]) => ({
    path: ['artifacts', store, 'prefix'],
    dependsOn: [['artifacts', 'access']],
    violated: access === 'direct' && section?.prefix !== undefined && UNWRITABLE.test(section.prefix),
    message: "contains ', : or \\, with which MLflow would not start with access: direct (use another folder)",
  }));
