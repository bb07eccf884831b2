import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from '../components/shared/programs';

/** What the Jobs of backup and restore need beside `prepare.py`, its part and `program.py`. */
const BACKUP = [
  'backup.py',
  'backup_artifacts.py',
  'backup_checks.py',
  'backup_common.py',
  'backup_store.py',
  'maintenance.py',
  'postgresql-client.sh',
  'restore.py',
];

/** Reads the programs that the package carries. The build puts them at the same place beside its own files. */
export function readPrograms(): Programs {
  const read = (name: string) => readFileSync(join(__dirname, '..', 'scripts', name), 'utf8').replaceAll('\r\n', '\n');
  return {
    common: read('program.py'),
    prepare: read('prepare.py'),
    prepareUsers: read('prepare_users.py'),
    start: read('start.py'),
    exportMetrics: read('export_metrics.py'),
    stop: read('stop.py'),
    authenticationCache: read('mlflow_auth_cached.py'),
    maintenance: read('maintenance.py'),
    collectGarbage: read('collect_garbage.py'),
    garbage: read('garbage.py'),
    smokeTest: read('smoke_test.py'),
    backup: Object.fromEntries(BACKUP.map((name) => [name, read(name)])),
    generateSecret: read('generate_secret.py'),
    initializeDatabase: read('initialize-database.sh'),
  };
}
