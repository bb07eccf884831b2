import { api, start, type User, unique, usersOf, versions } from './apart';
import { Lab } from './lab';

/** Searches of users find what they may read, and tell nothing of what else there is. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
  for (const version of versions) await start(lab, `searches-${version}`, version);
  // Before roles, a grant can be less than the default.
  for (const version of ['3.1.0', '3.11.1']) await start(lab, `searches-${version}-read`, version, 'READ');
});

afterAll(async () => {
  await lab?.stop();
});

/** What a user sees of something with pages of one row: each page, with the token of the next. */
async function pages(page: (token: string | undefined) => Promise<unknown>, tokenOf: (answer: never) => unknown) {
  const answers: unknown[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    answers.push(answer);
    token = (tokenOf(answer as never) as string | undefined) || undefined;
  } while (token && answers.length < 20);
  return answers;
}

/** A model with a version, a logged model and an experiment of a user, which searches find. */
async function make(user: User, experiment: string): Promise<string> {
  const name = unique('searched');
  const { id, folder } = await user.run(experiment);
  const tags = [{ key: 'token', value: 'hunter2' }];
  const version = { name, source: `mlflow-artifacts:/${folder}`, run_id: id, tags };
  await user.must(`${api}/registered-models/create`, { name, tags });
  await user.must(`${api}/model-versions/create`, version);
  await user.must(`${api}/logged-models`, { experiment_id: experiment, name });
  await user.experiment(name);
  return name;
}

/** Every search that has a page token, but those of experiments that a user must be able to read. */
async function searches(user: User, experiments: readonly string[]): Promise<unknown> {
  const query = (path: string, filter: string, more = '') =>
    pages(
      (token) => {
        const next = token ? `&page_token=${encodeURIComponent(token)}` : '';
        return user.must(`${api}/${path}/search?filter=${encodeURIComponent(filter)}&max_results=1${more}${next}`);
      },
      ({ next_page_token }: { next_page_token?: string }) => next_page_token,
    );
  const post = (path: string, body: object) =>
    pages(
      (token) =>
        user.must(`${api}/${path}/search`, { ...body, max_results: 1, ...(token ? { page_token: token } : {}) }),
      ({ next_page_token }: { next_page_token?: string }) => next_page_token,
    );
  const filter = "tags.token LIKE 'h%'";
  const graphql = (token: string | undefined) => {
    const given = `filter: "${filter}", maxResults: 1${token ? `, pageToken: "${token}"` : ''}`;
    const fields = 'nextPageToken modelVersions { name version }';
    return user.must('/graphql', { query: `query { mlflowSearchModelVersions(input: {${given}}) { ${fields} } }` });
  };
  return [
    await query('model-versions', filter),
    await query('model-versions', filter, '&order_by=name+ASC'),
    await query('registered-models', filter),
    await query('registered-models', "name LIKE 'searched-%'", '&order_by=name+DESC'),
    await query('experiments', "name LIKE 'searched-%'"),
    await post('experiments', { filter: "name LIKE 'searched-%'", order_by: ['name ASC'] }),
    await post('logged-models', { experiment_ids: experiments }),
    await pages(
      graphql,
      ({ data }: { data: { mlflowSearchModelVersions: { nextPageToken?: string } } }) =>
        data.mlflowSearchModelVersions.nextPageToken,
    ),
  ];
}

test.each([...versions, '3.1.0-read', '3.11.1-read'])(
  'with MLflow %s, pages and tokens of searches are as if there was nothing hidden',
  async (name) => {
    const [maker, other] = usersOf(`searches-${name}`);
    const [theirs, own] = [await maker.experiment(), await other.experiment()];
    const hide = async (kind: string, thing: object) => {
      const grant = { ...thing, username: 'other', permission: 'NO_PERMISSIONS' };
      if (name.endsWith('-read')) await maker.must(`${api}/${kind}/permissions/create`, grant);
    };
    await hide('experiments', { experiment_id: theirs });
    for (let each = 0; each < 3; each += 1) await make(other, own);
    const before = await searches(other, [own, theirs]);
    const found = JSON.stringify(before).match(/searched-/g) ?? [];
    expect(found.length).toBeGreaterThan(20);
    for (let each = 0; each < 3; each += 1) {
      const hidden = await make(maker, theirs);
      await hide('registered-models', { name: hidden });
      const found = await maker.must<{ experiment: { experiment_id: string } }>(
        `${api}/experiments/get-by-name?experiment_name=${hidden}`,
      );
      await hide('experiments', { experiment_id: found.experiment.experiment_id });
    }
    expect(await searches(other, [own, theirs])).toEqual(before);
    expect(JSON.stringify(await searches(maker, [theirs]))).toMatch(/"nextPageToken":"/);
  },
  300_000,
);
