/** Where a claim with backups is mounted. */
export const BACKUP_PATH = '/backup';
/** Where CA certificates for the store of backups are mounted. */
export const BACKUP_CA_PATH = '/etc/mlflow/backup-ca';
