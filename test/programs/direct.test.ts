import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release as parseRelease } from '../../lib/mlflow/releases';
import { temporaryFolder } from '../support/temporary-folder';
import { run } from './process';
import { everyReleaseOr, python, virtualEnvironment } from './tools';

/** That the direct way to the REST API answers as the way through FastAPI. */

interface Answer {
  readonly status: number;
  readonly headers: (readonly [string, string])[];
  readonly body: string;
}

/** Each request, whether the direct way takes it, and the two answers. */
async function ways(version: string, application: string): Promise<[string, boolean, Answer, Answer][]> {
  const folder = temporaryFolder();
  const database = (name: string) => `sqlite:///${join(folder, `${name}-${version}.db`)}`;
  const ini = join(folder, `${version}.ini`);
  const settings = {
    default_permission: 'READ',
    database_uri: database('auth'),
    admin_username: 'admin',
    admin_password: 'a long password',
    authorization_function: 'mlflow.server.auth:authenticate_request_basic_auth',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(ini, `[mlflow]\n${lines.join('')}`);
  const { code, stdout, stderr } = await run([python(version), join(__dirname, 'programs', 'ways.py'), application], {
    PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
    HOME: folder,
    TMPDIR: folder,
    PYTHONPATH: '.',
    PYTHONDONTWRITEBYTECODE: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_AUTH_CONFIG_PATH: ini,
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'any long random text',
    _MLFLOW_SGI_NAME: 'uvicorn',
    _MLFLOW_SERVER_FILE_STORE: database(application.replace(':', '-')),
    _MLFLOW_SERVER_ARTIFACT_ROOT: folder,
  });
  if (code !== 0) throw new Error(stderr);
  return [...stdout.matchAll(/^WAY (.*)$/gm)].map(([, line = '']) => JSON.parse(line));
}

const content = ({ status, body }: Answer) => ({ status, body: body.startsWith('{') ? JSON.parse(body) : body });

/** The status of a request by the direct way, for each login. */
const statuses = (answers: [string, boolean, Answer, Answer][], request: string): number[] =>
  answers.filter(([asked]) => asked === request).map(([, , , { status }]) => status);

/** Headers that a second later, or for a refusal elsewhere, have another value. */
const CHANGING = ['content-length', 'date', 'expires'];

const SEARCH = 'POST /api/2.0/mlflow/experiments/search {"max_results": 5}';
const RENAME = 'POST /api/2.0/mlflow/experiments/update {"experiment_id": "0", "new_name": "Default"}';

/** With FastAPI. */
const RELEASES = everyReleaseOr(['3.3.2', '3.18.0']).filter((version) => parseRelease(version).atLeast('3.3.0'));

describe.each(RELEASES)('MLflow %s', (version) => {
  const expectTheSame = (answers: [string, boolean, Answer, Answer][]) => {
    expect(answers.map(([request, taken]) => [request, taken])).toEqual(
      answers.map(([request]) => [request, /\/api\/2\.0\/mlflow\/(experiments|runs)\//.test(request)]),
    );
    for (const [request, , through, directly] of answers) {
      expect({ request, ...content(directly) }).toEqual({ request, ...content(through) });
      // A workspace that is not there is refused by a hook of Flask, behind what adds headers to a response.
      expect(directly.headers).toEqual(
        expect.arrayContaining(through.headers.filter(([name]) => !CHANGING.includes(name))),
      );
    }
  };

  test('answers its REST API the same by both ways', async () => {
    const answers = await ways(version, 'mlflow.server.fastapi_app:app');
    expectTheSame(answers);
    expect(statuses(answers, SEARCH)).toEqual([200]);
  });

  // Before 3.4 the application with a login is Flask's own, which has no shorter way.
  if (parseRelease(version).atLeast('3.4.0'))
    test('asks for the same logins and permissions by both ways', async () => {
      const answers = await ways(version, 'mlflow.server.auth:create_app');
      expectTheSame(answers);
      // An administrator, a user who may read, a wrong password, no login.
      expect(statuses(answers, SEARCH)).toEqual([200, 200, 401, 401]);
      expect(statuses(answers, RENAME)).toEqual([200, 403, 401, 401]);
    });
});
