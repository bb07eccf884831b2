import { basename, dirname, resolve } from 'node:path';

/** The file of an environment within its folder. */
export const ENVIRONMENT_FILE = 'environment.yaml';

/** The name of an environment: that of the folder of its file. */
export const environmentName = (file: string): string => basename(dirname(resolve(file)));
