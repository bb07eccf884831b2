import { release as parseRelease } from '../../lib/mlflow/releases';
import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** What a request with a login costs, and that what is done less often still works. */

test.each(firstAndLast)('MLflow %s does for a request once what it would do again', async (version) => {
  const lines = await runOnApplication(version, ['request_costs.py']);
  const found = (kind: string) => lines.filter((each) => each.kind === kind).map(({ values }) => values);
  const once = { authenticate_request: 1 };
  expect(found('COUNTS')).toEqual([
    ['admin', 'runs/log-metric', 200, once],
    ['admin', 'runs/search', 200, once],
    ['user', 'runs/log-metric', 200, once],
    ['user', 'runs/search', 200, once],
  ]);
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
  expect(found('QUEUE')).toEqual(parseRelease(version).atLeast('3.14.0') ? queues : []);
});
