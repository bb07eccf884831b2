import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { release as parseRelease } from '../../lib/mlflow/releases';
import { run } from './process';
import { python, runReleases, virtualEnvironment } from './tools';

/** That the direct way to the REST API answers as the way through FastAPI, release by release. */

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-ways-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: (readonly [string, string])[];
  readonly body: string;
}

/** Each request, whether the direct way takes it, and the two answers. */
async function ways(version: string): Promise<[string, boolean, Answer, Answer][]> {
  const { code, stdout, stderr } = await run(
    [python(version), join(__dirname, 'programs', 'ways.py'), 'mlflow.server.fastapi_app:app'],
    {
      PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
      HOME: folder,
      PYTHONPATH: '.',
      PYTHONDONTWRITEBYTECODE: '1',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      _MLFLOW_SGI_NAME: 'uvicorn',
      _MLFLOW_SERVER_FILE_STORE: `sqlite:///${folder}/${version}.db`,
      _MLFLOW_SERVER_ARTIFACT_ROOT: folder,
    },
  );
  if (code !== 0) throw new Error(stderr);
  return [...stdout.matchAll(/^WAY (.*)$/gm)].map(([, line = '']) => JSON.parse(line));
}

const content = ({ status, body }: Answer) => ({ status, body: body.startsWith('{') ? JSON.parse(body) : body });

describe.each(runReleases.filter((version) => parseRelease(version).atLeast('3.3.0')))('MLflow %s', (version) => {
  test('answers its REST API the same by both ways', async () => {
    const answers = await ways(version);
    expect(answers.map(([request, taken]) => [request, taken])).toEqual(
      answers.map(([request]) => [request, /\/api\/2\.0\/mlflow\/(experiments|runs)\//.test(request)]),
    );
    for (const [request, , through, directly] of answers) {
      expect({ request, ...content(directly) }).toEqual({ request, ...content(through) });
      // A workspace that is not there is refused by a hook of Flask, behind what adds headers to a response.
      expect(directly.headers).toEqual(
        expect.arrayContaining(through.headers.filter(([name]) => name !== 'content-length')),
      );
    }
  });
});
