import type { EnvironmentInput } from '../../../lib/environment/model';

/** Identities of pods in S3, as a user writes them. */

/** One of them. */
export type Identity = NonNullable<NonNullable<NonNullable<EnvironmentInput['artifacts']>['s3']>['identity']>;

export const ROLE = 'arn:aws:iam::123456789012:role/mlflow';
export const COPIES = 'arn:aws:iam::123456789012:role/copies';
export const IRSA: Identity = { irsa: { roleArn: ROLE } };
export const POD_IDENTITY: Identity = { podIdentity: true };

/** Backups to a bucket with an identity. */
export const copiedTo = (identity: Identity, more: object = {}): EnvironmentInput => ({
  backup: { artifacts: true, destination: { s3: { bucket: 'copies', region: 'eu-west-1', identity, ...more } } },
});
