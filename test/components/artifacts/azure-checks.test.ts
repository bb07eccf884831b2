import type { EnvironmentInput } from '../../../lib/environment/model';
import { type CheckCase, issuesOf, testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';
import { BACKUP_CLIENT_ID, CLIENT_ID, copiedToAzure, identity, inAzure } from './azure';

/** What of a container of Azure Blob Storage is refused. */

const ACCOUNT_ANNOTATION = 'azure.workload.identity/client-id';
const annotated = (annotations: Record<string, string>): EnvironmentInput => ({
  server: { serviceAccount: { annotations } },
});
const beside = (more: object): EnvironmentInput => ({
  ...SMALLEST,
  artifacts: { ...inAzure().artifacts, ...more },
});

testChecks([
  ...(
    [
      ['s3', { bucket: 'artifacts' }, 's3\\.bucket: has no effect with artifacts\\.azure'],
      ['embedded', {}, 'embedded: cannot be combined with artifacts\\.azure'],
    ] as const
  ).map(
    ([key, value, message]): CheckCase => [
      `${key} beside a container`,
      beside({ [key]: value }),
      new RegExp(`^artifacts\\.${message}.*\\(remove one of the two\\)`),
      inAzure(),
    ],
  ),
  [
    'a volume beside a container',
    beside({ volume: {} }),
    /^artifacts\.azure: cannot be combined with artifacts\.volume/,
    { ...SMALLEST, artifacts: { volume: {} } },
  ],
  [
    'two logins',
    inAzure({ credentials: { accountKeyKey: 'key', sasTokenKey: 'sas' } }),
    /^artifacts\.azure\.credentials\.sasTokenKey: is set beside accountKeyKey/,
    inAzure({ credentials: { sasTokenKey: 'sas' } }),
  ],
  ...(['secret', 'accountKeyKey', 'sasTokenKey'] as const).map(
    (key): CheckCase => [
      `${key} beside an identity`,
      inAzure({ identity: identity(), credentials: { [key]: 'x' } }),
      new RegExp(`^artifacts\\.azure\\.credentials\\.${key}: is set beside artifacts\\.azure\\.identity`),
      inAzure({ identity: identity() }),
    ],
  ),
  [
    'a key beside an identity for backups',
    { ...SMALLEST, ...copiedToAzure({ identity: identity(), credentials: { secret: 'x' } }) },
    /^backup\.destination\.azure\.credentials\.secret: is set beside backup\.destination\.azure\.identity/,
    { ...SMALLEST, ...copiedToAzure({ identity: identity() }) },
  ],
  [
    'the client of the account in two places',
    inAzure({ identity: identity() }, annotated({ [ACCOUNT_ANNOTATION]: CLIENT_ID })),
    /^server\.serviceAccount\.annotations\."azure\.workload\.identity\/client-id": is another client/,
    inAzure({ identity: identity() }, annotated({ team: 'ml' })),
  ],
  ...(['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_TOKEN_CREDENTIALS'] as const).map(
    (name): CheckCase => [
      `${name} beside an identity`,
      inAzure({ identity: identity() }, { server: { env: { [name]: { secret: 'entra', key: 'value' } } } }),
      new RegExp(`^server\\.env\\.${name}: would be used in place of artifacts\\.azure\\.identity`),
      inAzure({}, { server: { env: { [name]: { secret: 'entra', key: 'value' } } } }),
    ],
  ),
  [
    'Azure Government with a release that refuses it',
    inAzure(
      { cloud: 'usgovernment' },
      { mlflowVersion: '3.10.1', image: { repository: 'r.example.com/m', tag: 'x-1' } },
    ),
    /^artifacts\.azure\.cloud: is usgovernment, whose host names MLflow 3\.10\.1 refuses \(use MLflow 3\.11\.1 or newer\)/,
    inAzure(
      { cloud: 'usgovernment' },
      { mlflowVersion: '3.11.1', image: { repository: 'r.example.com/m', tag: 'x-1' } },
    ),
  ],
  [
    'two destinations of backups',
    {
      ...SMALLEST,
      backup: { destination: { ...copiedToAzure().backup?.destination, claim: {} } },
    },
    /^backup\.destination: must have exactly one destination \(set one of /,
    { ...SMALLEST, ...copiedToAzure() },
  ],
  [
    'backups among the artifacts',
    inAzure({ account: 'copies' }, copiedToAzure()),
    /^backup\.destination\.azure\.container: is the container of the artifacts, and one prefix contains the other/,
    inAzure({ account: 'copies', prefix: 'models' }, { ...copiedToAzure(), allow: ['exposed-backups'] }),
  ],
  [
    'the same container name in another account is no issue, but an S3 identity beside one of Azure is',
    {
      ...SMALLEST,
      artifacts: { s3: { bucket: 'artifacts', identity: { podIdentity: true } } },
      ...copiedToAzure({ identity: identity() }),
    },
    /^backup\.destination\.azure\.identity: gets its keys from https:\/\/login\.microsoftonline\.com\/\S+, and the artifacts from AWS/,
    inAzure({ identity: identity() }, copiedToAzure({ identity: identity(BACKUP_CLIENT_ID) })),
  ],
  ...(
    [
      ['another cloud', { cloud: 'china', identity: identity() }],
      ['another tenant', { identity: { workloadIdentity: { clientId: CLIENT_ID, tenantId: BACKUP_CLIENT_ID } } }],
    ] as const
  ).map(
    ([title, copies]): CheckCase => [
      `one pod with identities of ${title}`,
      inAzure({ identity: identity() }, copiedToAzure(copies)),
      /^backup\.destination\.azure\.identity: gets its keys from https:\S+, and .*, but a pod has one identity/,
      inAzure({ identity: identity() }, copiedToAzure({ identity: identity(BACKUP_CLIENT_ID) })),
    ],
  ),
  ...(
    [
      ['account', 'my-account'],
      ['account', 'ab'],
      ['container', 'a--b'],
      ['container', 'Upper'],
      ['container', '-a1'],
      ['prefix', '/team'],
      ['prefix', 'team/'],
      ['prefix', 'a//b'],
      ['prefix', 'a/../b'],
      ['prefix', 'a b'],
      ['prefix', 'a%20b'],
      ['prefix', 'a\\b'],
    ] as const
  ).map(
    ([key, value]): CheckCase => [
      `${key} ${value}`,
      inAzure({ [key]: value }),
      new RegExp(`^artifacts\\.azure\\.${key}: is invalid \\(must be `),
      inAzure({ [key]: 'abc' }),
    ],
  ),
]);

test('variables of another account or login are refused where they would be used', () => {
  const issues = (name: string, more: object, others: EnvironmentInput = {}) =>
    issuesOf(inAzure(more, { server: { env: { [name]: { secret: 'blobs', key: 'value' } } }, ...others }));
  const message = (name: string, login: string) =>
    expect.stringMatching(`^server\\.env\\.${name}: would be used in place of artifacts\\.azure\\.${login} `);
  for (const name of ['AZURE_STORAGE_CONNECTION_STRING', 'AZURE_STORAGE_ACCESS_KEY'])
    expect(issues(name, { identity: identity() })).toEqual([message(name, 'identity')]);
  expect(issues('AZURE_STORAGE_CONNECTION_STRING', {})).toEqual([
    message('AZURE_STORAGE_CONNECTION_STRING', 'credentials'),
  ]);
  for (const name of ['AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE', 'AZURE_AUTHORITY_HOST'])
    expect(issues(name, { identity: identity() })).toEqual([
      expect.stringMatching(`^server\\.env\\.${name}: overrides`),
    ]);
  expect(issues('AZURE_STORAGE_ACCESS_KEY', {})).toEqual([
    expect.stringMatching(/^server\.env\.AZURE_STORAGE_ACCESS_KEY: overrides/),
  ]);
  const { artifacts } = SMALLEST;
  for (const name of ['AZURE_STORAGE_CONNECTION_STRING', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'])
    expect(issues(name, {}, { artifacts })).toEqual([]);
});
