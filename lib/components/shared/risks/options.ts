import { type VariableRisk, variableRisks } from './variables';

/** The variables that MLflow sets from its options, or that take the same flags: they have the same risks. */
const VARIABLE_OF: Readonly<Record<string, string>> = {
  'disable-security-middleware': 'MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE',
  'cors-allowed-origins': 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS',
  'x-frame-options': 'MLFLOW_SERVER_X_FRAME_OPTIONS',
  'registry-store-uri': 'MLFLOW_REGISTRY_STORE_URI',
  'workspace-store-uri': 'MLFLOW_WORKSPACE_STORE_URI',
  'gunicorn-opts': 'GUNICORN_CMD_ARGS',
  'uvicorn-opts': 'GUNICORN_CMD_ARGS',
};

/** What an option of `mlflow server` opens with a value; `true` for an option without one. */
export function optionRisks(name: string, value: string): VariableRisk[] {
  const variable = Object.hasOwn(VARIABLE_OF, name) ? VARIABLE_OF[name] : undefined;
  return variable === undefined ? [] : variableRisks(variable, value);
}
