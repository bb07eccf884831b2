import { release as parseRelease } from '../../lib/mlflow/releases';
import { runOnApplication } from './flask-application';
import { everyRelease, firstAndLast } from './tools';

/** What users get from every route of MLflow's application, release by release, with a static prefix and without. */

interface Answer {
  readonly kind: 'ROUTE' | 'TRICK';
  readonly user: 'outsider' | 'owner';
  readonly method: string;
  readonly path: string;
  /** What serves it. */
  readonly name: string;
  readonly status: number;
  /** Whether it shows something of the owner. */
  readonly shown: boolean;
}

/** What becomes of grants on a model, by release and way: what happened, and whether they hold. */
const grants = new Map<string, readonly (readonly unknown[])[]>();

/** The answers of MLflow as it is, to both users or the owner alone, or with its routes checked. */
async function answers(
  version: string,
  way: 'stock' | 'checked' | 'owner',
  prefix?: string,
): Promise<readonly Answer[]> {
  const variables: Record<string, string> = prefix ? { _MLFLOW_STATIC_PREFIX: prefix } : {};
  const all = await runOnApplication(version, ['permissions.py', way], variables);
  grants.set(
    `${version} ${way}`,
    all.filter(({ kind }) => kind === 'GRANT').map(({ values }) => values),
  );
  const lines = all.filter(({ kind }) => kind !== 'GRANT');
  return lines.map(({ kind, values }) => {
    const [user, method, path, name, status, shown] = values;
    return { kind, user, method, path, name, status, shown } as Answer;
  });
}

/** Errors that say the name that was sent: it is taken, or there is none. */
const ECHOES = ['_create_experiment', '_create_registered_model', '_get_gateway_endpoint'];

/** Routes that every login may use: they show nothing, or only what is the sender's. */
const OPEN =
  /^(health|version|serve(_static_file|_gateway_proxy|_(get|post)_ui_telemetry)?|static|_graphql|_not_implemented|_get_server_info|_search_(experiments|registered_models|logged_models|model_versions|runs)|_batch_get_(traces|trace_infos)|_list_workspaces_handler|_get_workspace_handler|_get_provider_config|_list_supported_(models|providers)|(_get|_list)_budget_(policy|policies|windows)|get_current_user|list_current_user_permissions|list_users|_get_secrets_config|_list_gateway_(endpoints|model_definitions|secrets)|_create_gateway_secret|list_roles|list_user_roles|_search_evaluation_datasets_handler)$/;

const routes = (all: readonly Answer[], user: Answer['user']) =>
  all.filter((each) => each.kind === 'ROUTE' && each.user === user);

/** Each is asked some two thousand requests. */
describe.each(firstAndLast)('MLflow %s', (version) => {
  let checked: readonly Answer[];

  beforeAll(async () => {
    checked = await answers(version, 'checked');
  });

  test('shows a user without permission nothing of others, and does nothing for it', () => {
    const outsider = routes(checked, 'outsider');
    expect(outsider.length).toBeGreaterThan(200);
    expect(outsider.filter(({ shown, name }) => shown && !ECHOES.includes(name))).toEqual([]);
    expect(outsider.filter(({ status, name }) => status < 400 && !OPEN.test(name))).toEqual([]);
  });

  test('gives no way around the check', () => {
    const tricks = checked.filter(({ kind, user }) => kind === 'TRICK' && user === 'outsider');
    expect(tricks.length).toBeGreaterThan(20);
    expect(tricks.filter(({ shown }) => shown)).toEqual([]);
    const answered = /^(query|query of models|search)$/;
    expect(tricks.filter(({ status, name }) => status < 400 && !answered.test(name))).toEqual([]);
  });

  // With roles, from 3.13 on, grants are MLflow's own.
  const byName = parseRelease(version).atLeast('3.13.0') ? test.skip : test;
  byName('lets grants follow a renamed model, and hold for no other of its name', () => {
    // From 3.10 on MLflow keeps what an administrator granted on a name that no model has.
    const onName = parseRelease(version).atLeast('3.10.0');
    expect(grants.get(`${version} checked`)).toEqual([
      ['not granted', false],
      ['granted', true],
      ['renamed', true],
      ['renamed, for its owner', true],
      ['another of the former name', false],
      ['renamed again', true],
      ['deleted and created again', false],
      ['renamed to a name with a grant', onName],
      ['renamed to a name with a grant, for its owner', true],
      ['created with a name with a grant', onName],
    ]);
  });

  test('answers the owner of everything as MLflow does', async () => {
    const owner = checked.filter(({ kind, user }) => kind === 'TRICK' && user === 'owner');
    expect(owner.map(({ name, status, shown }) => [name, status, shown])).toEqual([
      ['query', 200, true],
      ['query of models', 200, true],
      ['search', 200, true],
    ]);
    const stock = routes(await answers(version, 'owner'), 'owner').filter(({ status }) => status === 200);
    // By any path: the second of two that delete something finds nothing.
    const granted = new Set(
      routes(checked, 'owner')
        .filter(({ status }) => status === 200)
        .map(({ method, name }) => `${method} ${name}`),
    );
    // Of the whole server, and only for administrators in later releases, or below their permission.
    const whole = /^(HEAD .*|\w+ (.*_webhooks?|.*gateway.*|_get_secrets_config|_delete_demo))$/;
    const lost = stock.map(({ method, name }) => `${method} ${name}`).filter((each) => !granted.has(each));
    expect([...new Set(lost)].filter((each) => !whole.test(each))).toEqual([]);
  });
});

test('below a static prefix, which may begin as a path without a login, the same holds', async () => {
  for (const version of everyRelease ? ['3.1.0', '3.10.1'] : ['3.1.0']) {
    const outsider = (await answers(version, 'checked', '/static-ui')).filter(({ user }) => user === 'outsider');
    expect(outsider.filter(({ shown, name }) => shown && !ECHOES.includes(name))).toEqual([]);
    expect(outsider.filter(({ kind, status, name }) => kind === 'ROUTE' && status < 400 && !OPEN.test(name))).toEqual(
      [],
    );
  }
});

test('the requests find the gaps of MLflow as it is', async () => {
  const stock = (await answers('3.1.0', 'stock')).filter(({ user, shown }) => user === 'outsider' && shown);
  const names = new Set(stock.map(({ name }) => name));
  expect(grants.get('3.1.0 stock')).toContainEqual(['deleted and created again', true]);
  for (const name of ['_download_artifact', 'serve_artifacts', '_search_model_versions', '_search_runs', 'query'])
    expect(names).toContain(name);
});
