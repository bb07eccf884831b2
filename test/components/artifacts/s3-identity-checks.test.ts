import type { EnvironmentInput } from '../../../lib/environment/model';
import { issuesOf, testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';
import { COPIES, copiedTo, IRSA, POD_IDENTITY, ROLE } from './identities';

/** What of an identity for S3 is refused. */

const s3 = (more: object): EnvironmentInput => ({ ...SMALLEST, artifacts: { s3: { bucket: 'artifacts', ...more } } });
const store = 'http://minio.minio.svc:9000';
const MINIO = { irsa: { roleArn: ROLE, stsEndpoint: store } };

testChecks([
  [
    'no kind of identity',
    s3({ identity: {} }),
    /^artifacts\.s3\.identity: must be of exactly one kind/,
    s3({ identity: IRSA }),
  ],
  [
    'two kinds of identity',
    s3({ identity: { ...IRSA, ...POD_IDENTITY } }),
    /^artifacts\.s3\.identity: must be of exactly one kind/,
    s3({ identity: POD_IDENTITY }),
  ],
  [
    'a Secret beside an identity',
    s3({ identity: IRSA, credentials: { secret: 'keys' } }),
    /^artifacts\.s3\.credentials\.secret: is set beside artifacts\.s3\.identity, which needs no keys/,
    s3({ credentials: { secret: 'keys' } }),
  ],
  [
    'EKS Pod Identity at another store',
    s3({ identity: POD_IDENTITY, endpoint: store }),
    /^artifacts\.s3\.identity\.podIdentity: is for AWS alone, but the endpoint is http:/,
    s3({ identity: POD_IDENTITY, endpoint: 'https://s3.eu-central-1.amazonaws.com' }),
  ],
  [
    'keys of AWS for another store',
    s3({ identity: IRSA, endpoint: store }),
    /^artifacts\.s3\.identity\.irsa\.stsEndpoint: is missing: http:.* does not know keys of the STS of AWS/,
    s3({ identity: MINIO, endpoint: store }),
  ],
  [
    'keys of another store for AWS',
    s3({ identity: MINIO }),
    /^artifacts\.s3\.identity\.irsa\.stsEndpoint: is http:.*, whose keys AWS does not know/,
    s3({ identity: { irsa: { roleArn: ROLE, stsEndpoint: 'https://vpce-1.sts.eu-central-1.vpce.amazonaws.com' } } }),
  ],
  [
    'a role of AWS without an account',
    s3({ identity: { irsa: { roleArn: 'arn:aws:iam:::role/mlflow' } } }),
    /^artifacts\.s3\.identity\.irsa\.roleArn: has no account/,
    s3({ identity: { irsa: { ...MINIO.irsa, roleArn: 'arn:aws:iam:::role/mlflow' } }, endpoint: store }),
  ],
  [
    'what is no role',
    s3({ identity: { irsa: { roleArn: 'arn:aws:iam::123456789012:user/mlflow' } } }),
    /^artifacts\.s3\.identity\.irsa\.roleArn: is invalid \(must be the ARN of an IAM role/,
    s3({ identity: IRSA }),
  ],
  [
    'an identity in an embedded store',
    { ...SMALLEST, artifacts: { embedded: {}, s3: { identity: IRSA } } },
    /^artifacts\.s3\.identity: cannot be combined with artifacts\.embedded/,
    { ...SMALLEST, artifacts: { embedded: {} } },
  ],
  [
    'the role of the account in two places',
    { ...s3({ identity: IRSA }), server: { serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': ROLE } } } },
    /^server\.serviceAccount\.annotations\."eks\.amazonaws\.com\/role-arn": is another role/,
    { ...s3({ identity: IRSA }), server: { serviceAccount: { annotations: { team: 'ml' } } } },
  ],
  [
    'two identities for one pod',
    { ...s3({ identity: MINIO, endpoint: store }), ...copiedTo(IRSA) },
    /^backup\.destination\.s3\.identity: gets its keys from AWS, and the artifacts from http:.*, but a pod has one identity/,
    { ...s3({ identity: IRSA }), ...copiedTo({ irsa: { roleArn: COPIES } }) },
  ],
]);

test('variables of another identity are refused', () => {
  for (const name of [
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_ENDPOINT_URL_STS',
  ])
    expect(issuesOf({ ...s3({}), server: { env: { [name]: 'x' } } })).toEqual([
      expect.stringMatching(`^server\\.env\\.${name}: .*artifacts\\.s3\\.identity`),
    ]);
});
