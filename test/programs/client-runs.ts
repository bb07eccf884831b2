import type { Lab } from './lab';
import type { RenderedServer } from './rendered-server';

/** What a client does with a run and its files, in the first experiment. */

export const api = '/api/2.0/mlflow';

/** The path of a file on the server. */
export const pathOf = (file: string) =>
  `/api/2.0/mlflow-artifacts/artifacts/${file.split('/').map(encodeURIComponent).join('/')}`;

/** A run with files of these names, through the server: where they are. */
export async function newRun(server: RenderedServer, names: readonly string[]) {
  const { run } = await server.must<{ run: { info: { run_id: string; artifact_uri: string } } }>(`${api}/runs/create`, {
    json: { experiment_id: '0' },
  });
  const { run_id, artifact_uri } = run.info;
  const root = artifact_uri.replace('mlflow-artifacts:/', '');
  for (const name of names) {
    const body = `content of ${name} ${'x'.repeat(name.length * 1000)}`;
    expect(await server.ask(pathOf(`${root}/${name}`), { method: 'PUT', body })).toMatchObject({ status: 200 });
    expect(await server.ask(pathOf(`${root}/${name}`))).toMatchObject({ status: 200, text: body });
  }
  return { id: run_id, root };
}

/** 17 MiB, which no client of a store sends or reads in one part, and of which no two parts are equal. */
export const largeBody = (of = '') =>
  Array.from({ length: 17 * 2 ** 16 }, (_, line) => `${line} ${of}`.padEnd(15, '.')).join('\n');

/** Puts a file of that size below a path, through the server, and reads it back. */
export async function putLarge(server: RenderedServer, file: string): Promise<void> {
  const body = largeBody();
  expect(await server.ask(pathOf(file), { method: 'PUT', body })).toMatchObject({ status: 200 });
  const read = await server.ask(pathOf(file));
  expect([read.status, read.text === body]).toEqual([200, true]);
}

/** Deletes a run, and has that be longer ago than garbage collection waits. */
export async function deleteLongAgo(lab: Lab, server: RenderedServer, run: string): Promise<void> {
  await server.must(`${api}/runs/delete`, { json: { run_id: run } });
  const older = 'UPDATE runs SET deleted_time = deleted_time - 7200000 WHERE deleted_time > 0';
  await lab.postgres.sql(server.environment.database.name, older);
}
