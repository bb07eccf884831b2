import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolution, SMALLEST } from '../../support/support';

/** What `synth` says of an annotation of the server's account. */
const messages = (annotation: string, artifacts: EnvironmentInput['artifacts']) => {
  const serviceAccount = { annotations: { [annotation]: 'arn:aws:iam::123456789012:role/mlflow' } };
  const { issues, warnings } = resolution({ ...SMALLEST, artifacts, server: { serviceAccount } });
  return [...issues, ...warnings].filter(({ path }) => path.at(-1) === annotation).map(({ message }) => message);
};

const S3 = 'eks.amazonaws.com/role-arn';
const GCS = 'iam.gke.io/gcp-service-account';
const AZURE = 'azure.workload.identity/client-id';

test.each<[annotation: string, artifacts: EnvironmentInput['artifacts'], key: string]>([
  [S3, { s3: { bucket: 'artifacts' } }, 'artifacts.s3.identity'],
  [GCS, { gcs: { bucket: 'artifacts' } }, 'artifacts.gcs.identity.workloadIdentity'],
  [AZURE, { azure: { account: 'account', container: 'artifacts' } }, 'artifacts.azure.identity.workloadIdentity'],
])('%s with keys has no effect', (annotation, artifacts, key) => {
  expect(messages(annotation, artifacts)).toEqual([
    `has no effect on artifacts, which log in with keys (set ${key} in its place)`,
  ]);
});

test.each<[annotation: string, artifacts: EnvironmentInput['artifacts']]>([
  [GCS, { s3: { bucket: 'artifacts' } }],
  [S3, { gcs: { bucket: 'artifacts' } }],
  [S3, { embedded: {} }],
  [S3, { volume: {} }],
  ['team', { s3: { bucket: 'artifacts' } }],
])('%s may be there for something else', (annotation, artifacts) => {
  expect(messages(annotation, artifacts)).toEqual([]);
});
