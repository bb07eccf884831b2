import { messageOf } from '../input/issue';
import { secretIn } from '../input/plain-secrets';
import { optionOf, type ServerOption, unusableIssue, useKeyOf } from './options';
import type { Release } from './releases';
import { refusedUvicornVariable, UVICORN_PREFIX, uvicornFlag } from './server-programs/uvicorn';

/** How the variables begin by which MLflow's command tells its own processes something. */
const INTERNAL = '_MLFLOW_';

/** Why a variable may not be set. */
export interface VariableIssue {
  readonly message: string;
  /** Whether it depends on the release. */
  readonly ofRelease: boolean;
}

const always = (message: string): VariableIssue => ({ message, ofRelease: false });
const here = (message: string): VariableIssue => ({ message, ofRelease: true });

/** Why a variable may not set an option of the server or of its server program; undefined if it does not. */
export function settingIssue(name: string, value: string, release: Release): VariableIssue | undefined {
  const [option, row] = optionOf(name) ?? [];
  if (option && row) return optionVariableIssue(option, row, secretIn(name, value), release);
  if (name.startsWith(INTERNAL)) {
    return always('is internal to MLflow, which sets it by the options of its command (remove it)');
  }
  return name.startsWith(UVICORN_PREFIX) ? uvicornIssue(name, release) : undefined;
}

function optionVariableIssue(
  option: string,
  row: ServerOption,
  secret: string | undefined,
  release: Release,
): VariableIssue {
  const what = `is a variable of option ${option} of mlflow server`;
  if (row.key) return always(messageOf({ what, fix: useKeyOf(row) }));
  const unusable = unusableIssue(row, release);
  if (unusable) return here(`${what}, which ${unusable}`);
  const fix = secret ? 'put it into a Secret, which server.envFrom can name' : `use server.options.${option}`;
  return here(messageOf({ what: secret ? `${what}, and contains ${secret}` : what, fix }));
}

function uvicornIssue(name: string, release: Release): VariableIssue | undefined {
  if (!release.can('uvicorn')) {
    const what = `is ignored by MLflow ${release.version}, which starts gunicorn`;
    return here(messageOf({ what, fix: 'use server.options.gunicorn-opts' }));
  }
  const refused = refusedUvicornVariable(name);
  if (!refused) return undefined;
  return here(
    messageOf({ ...refused, what: `is the variable of ${uvicornFlag(name)} of uvicorn, which ${refused.what}` }),
  );
}
