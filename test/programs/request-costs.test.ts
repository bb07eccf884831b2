import { release as parseRelease } from '../../lib/mlflow/releases';
import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** What a request with a login costs, and that what is done less often still works. */

test.each(firstAndLast)('MLflow %s does for a request once what it would do again', async (version) => {
  const lines = await runOnApplication(version, ['request_costs.py']);
  const found = (kind: string) => lines.filter((each) => each.kind === kind).map(({ values }) => values);
  const once = { authenticate_request: 1, settle: 1 };
  const isRecent = parseRelease(version).atLeast('3.14.0');
  // Older releases do not look for what an administrator needs no permission for.
  const administrator = isRecent ? once : { authenticate_request: 1 };
  const request = (path: string, refused: number) => [
    [path, 'admin', 200, administrator],
    [path, 'user', 200, once],
    [path, 'other', refused, once],
    [path, 'user', 200, once],
  ];
  const requests = [request('runs/log-metric', 403), request('runs/search', 200), request('experiments/get', 403)];
  expect(found('COUNTS')).toEqual(requests.flat());
  expect(found('LOGIN')).toEqual([
    ['admin', 200],
    ['user', 403],
    ['user', 401],
    [null, 401],
    ['admin', 200],
  ]);
  // Each would be called for every statement of every session.
  expect(found('LISTENERS')).toEqual([[false]]);
  const times = (answer: readonly number[]) => [answer, answer, answer];
  expect(found('SEARCH')).toEqual([
    ["metrics.score > 1 AND tags.tag = '1'", ...times([200, 3])],
    ["attributes.run_name LIKE '%-4' AND metrics.score > 1", ...times([200, 4])],
    ['attributes.start_time <= 3', ...times([200, 3, 2, 1, 0])],
    ['score !', ...times([400])],
  ]);
  expect(found('SIGNUP')).toEqual([
    ['with cookies', 200, 200],
    ['without', 400, 404],
  ]);
  // A rule of MLflow that holds for administrators, too.
  const queues = [
    ['free', 200],
    ['user', 400],
  ];
  expect(found('QUEUE')).toEqual(isRecent ? queues : []);
});
