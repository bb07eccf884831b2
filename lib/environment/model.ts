import { z } from 'zod';
import { annotations, following, labels, section } from '../components/shared/sections/fields';
import { SERVICE_NAME } from '../kubernetes/names';
import * as sections from './sections';

/**
 * The environment file as one zod model: the only source of the types, of validation, of plain defaults, and (with
 * the comments above the keys) of the JSON Schema and the reference page. Defaults that depend on the release or on
 * another section are not here: see `resolve` in `lib/mlflow`.
 */
export const environment = section({
  /** Another environment file that this one builds on, relative to this file. Maps merge, all else is replaced. */
  extends: z.string().min(1).optional(),
  /** Name of the instance: of the Deployment, the Service and whatever else is made. */
  name: following({ ...SERVICE_NAME, maximum: 40 }).default('mlflow'),
  /** Where everything is put. */
  namespace: sections.namespace.prefault({}),
  /** The container image of the server. */
  image: sections.image.prefault({}),
  /** MLflow release in the image, as in `3.1.0`. Without it: read from the tag (`3.1.0-4`, `v3.18.0-full`). */
  mlflowVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be a release such as 3.18.0')
    .optional(),
  /** The tracking server itself. */
  server: sections.server.prefault({}),
  /** PostgreSQL, which holds runs, models and users. */
  database: sections.database.prefault({}),
  /** Where artifacts (models, files) are kept. */
  artifacts: sections.artifacts.prefault({}),
  /** Who may use the server. */
  auth: sections.auth.prefault({}),
  /** Where Secrets come from. */
  secrets: sections.secrets.prefault({}),
  /** Namespaces that use MLflow (JupyterHub, Argo Workflows, any): each gets the tracking URI and, where it is given a user, the login. */
  clients: z.array(sections.client).default([]),
  /** How clients reach the server. */
  service: sections.service.prefault({}),
  /** Which connections are allowed. */
  networkPolicy: sections.networkPolicy.prefault({}),
  /** Volume claims. */
  storage: sections.storage.prefault({}),
  /** A CronJob that removes for good what was deleted long ago: runs, experiments and logged models, with their artifacts. `garbageCollection: {}` takes all defaults; without it what is deleted stays. */
  garbageCollection: sections.garbageCollection.optional(),
  /** A test of the running server, from login to model, as a client sees it. */
  smokeTest: sections.smokeTest.prefault({}),
  /** Copies of both databases, and of the artifacts, on a schedule; and the way back. */
  backup: sections.backup.optional(),
  /** What keeps the server up while nodes go away. */
  availability: sections.availability.prefault({}),
  /** Metrics, alerts and a dashboard. */
  monitoring: sections.monitoring.prefault({}),
  /** Labels added to every object. Those of `app.kubernetes.io/` that every object has stay as they are. */
  labels: labels().default({}),
  /** Annotations added to every object. */
  annotations: annotations().default({}),
  /** JSON patches for what no key covers. One that matches nothing is an error, and so is one whose outcome a cluster would refuse or could not run; probes, limits and the like, which only make an instance safer, a patch may take away. */
  patches: z.array(sections.patch).default([]),
});

export type { EnvironmentInput } from './generated/input';

/** A valid environment with all plain defaults filled in. */
export type Environment = z.output<typeof environment>;
