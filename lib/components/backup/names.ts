/** Name of the CronJob that backs up, of its claim, and of every other object of both Jobs. */
export const backupName = (instance: string): string => `${instance}-backup`;
/** Name of the suspended CronJob that restoring Jobs are created from. */
export const restoreName = (instance: string): string => `${instance}-restore`;
/** Name of the CronJob that verifies, short because Kubernetes takes 52 characters. */
export const verificationName = (instance: string): string => `${instance}-verify`;
