/** Where CA certificates for the store of backups are mounted. */
export const BACKUP_CA_PATH = '/etc/mlflow/backup-ca';
