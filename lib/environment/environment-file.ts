/** The file of an environment within its folder. */
export const ENVIRONMENT_FILE = 'environment.yaml';
