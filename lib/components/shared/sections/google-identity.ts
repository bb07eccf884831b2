import { z } from 'zod';
import { section } from './fields';

/**
 * The address of a service account of Google Cloud, those of Compute Engine and App Engine among them.
 *
 * @see https://cloud.google.com/iam/docs/service-account-overview
 */
const SERVICE_ACCOUNT = /^[a-z0-9][-a-z0-9]{0,62}@[a-z0-9][-a-z0-9.]{0,80}\.gserviceaccount\.com$/;

/** How pods log in to Google Cloud without keys. */
export const googleIdentity = () =>
  section({
    workloadIdentity: section({
      serviceAccount: z
        .string()
        .regex(
          SERVICE_ACCOUNT,
          'must be the address of a service account, such as mlflow@PROJECT.iam.gserviceaccount.com',
        )
        .optional()
        .describe(
          'Service account of Google Cloud that the ServiceAccount acts as. If unset, the ServiceAccount itself has the ' +
            'roles (`principal://…`).',
        ),
    }).describe(
      'Workload Identity Federation for GKE: the metadata server of the node provides short-lived tokens for the ' +
        'ServiceAccount. `workloadIdentity: {}` uses all defaults.',
    ),
  });

/** An identity as a user wrote it. */
export interface GoogleIdentity {
  readonly workloadIdentity: { readonly serviceAccount?: string };
}
