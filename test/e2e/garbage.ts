import { sql } from './homelab';
import { runJobOf } from './jobs';
import { ADMIN_PASSWORD, BALANCER, clientPython, type LabRelease, lastJson, login, outside, program } from './lab';

/** Of three runs with a file each, only the one that was deleted a month ago goes. */
export async function collectsGarbage(release: LabRelease): Promise<void> {
  const env = { ...login(ADMIN_PASSWORD[release]), MLFLOW_TRACKING_URI: BALANCER };
  const runs = async (...given: string[]) =>
    lastJson<Record<string, string>>(await outside([clientPython(release), program('deleted.py'), ...given], { env }));
  const [old, late, living] = [await runs('delete'), await runs('delete'), await runs('keep')];
  const look = ({ experiment = '', run = '' }) => runs('look', experiment, run);
  expect(await look(old)).toEqual({ known: true, files: ['weights.bin'] });
  const month = 31 * 24 * 3600 * 1000;
  await sql('mlflow', `update runs set deleted_time = deleted_time - ${month} where run_uuid = '${old.run}'`);
  expect(await runJobOf('mlflow-gc')).toMatchObject({
    condition: 'Complete',
    log: expect.stringContaining('gc: removed 1 runs, 0 logged models, 0 experiments'),
  });
  expect(await look(old)).toEqual({ known: false, files: [] });
  for (const kept of [late, living]) expect(await look(kept)).toEqual({ known: true, files: ['weights.bin'] });
  const tested = await runJobOf('mlflow-smoke-test');
  expect(tested).toMatchObject({ condition: 'Complete', log: expect.stringContaining('smoke test: passed in ') });
  console.log(tested.log);
}
