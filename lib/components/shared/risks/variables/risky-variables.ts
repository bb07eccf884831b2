import type { RiskName } from '../risk';

/** Variables that open something, in any container. */
export interface RiskyVariables {
  /** Names; those of a prefix end with `*`. */
  readonly names: readonly string[];
  readonly risk: RiskName;
  /** What they do, as in "changes which code Python runs". */
  readonly does: string;
  /** The values that do it. @default every value */
  readonly when?: (value: string) => boolean;
}

/** Variables that contain options of the server program. */
export const PROGRAM_OPTIONS = ['GUNICORN_CMD_ARGS', 'MLFLOW_GUNICORN_OPTS', 'MLFLOW_UVICORN_OPTS'];

/** Whether a program reads a value as true. */
export const isTrue = (value: string) => /^\s*(true|1|yes|y|on|t)\s*$/i.test(value);

/** Whether a program reads a value as false. */
export const isFalse = (value: string) => /^\s*(false|0|no|n|off|f)\s*$/i.test(value);

/** Whether a value says nothing. */
export const isEmpty = (value: string) => value.trim() === '';

/** Whether a list of a value has an item. */
export const lists = (value: string, item: string) =>
  value.split(',').some((each) => each.trim().toLowerCase() === item);
