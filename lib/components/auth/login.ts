/** The keys that decide who checks logins. */
export interface LoginKeys {
  readonly enabled: boolean;
  readonly app?: object;
}

/** Whether MLflow's basic-auth checks logins, so that there are an administrator, users and permissions of MLflow's own. */
export const usesBasicAuth = ({ enabled, app }: LoginKeys): boolean => enabled && app === undefined;
