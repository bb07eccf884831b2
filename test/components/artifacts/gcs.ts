/** Service accounts of Google Cloud, and who logs in as them. */

export const ACCOUNT = 'mlflow@project-1.iam.gserviceaccount.com';
export const COPIES = 'copies@project-1.iam.gserviceaccount.com';

/** The identity of a store; without a service account, the ServiceAccount has the roles itself. */
export const identity = (serviceAccount?: string) => ({ identity: { workloadIdentity: { serviceAccount } } });
