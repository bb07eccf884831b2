import fc from 'fast-check';
import { serverCommand } from '../../lib/components/server/command';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import { randomEnvironmentOf } from '../arbitraries/environment';
import type { Lab } from './lab';
import { run } from './process';
import { marked } from './said';
import { python } from './tools';

/** What the package of a release holds, and what its program makes of command lines. */
export interface Program {
  readonly version: string;
  readonly trackingSchema: string;
  readonly authSchema: string;
  readonly options: readonly string[];
  readonly understood: number;
  readonly refused: readonly unknown[];
}

/** Asks the packages of a release, with the command lines of random environments. */
export async function lookAt(lab: Lab, version: string): Promise<Program> {
  const drawn = fc.sample(randomEnvironmentOf(version), { numRuns: 40, seed: 20261123 });
  const commands = drawn.flatMap((input) => {
    const { environment: parsed } = parseEnvironment({ ...input, patches: [] });
    const resolved = parsed && resolve(parsed).environment;
    const command = resolved ? serverCommand(resolved) : [];
    // The packages bring no app of others; auth-app.test.ts runs one.
    const own = command.map((argument) => argument.replace(/^--app-name=.*/, '--app-name=basic-auth'));
    return resolved ? [own.slice(own.indexOf('mlflow') + 2)] : [];
  });
  const program = `
import json, pathlib, sys, mlflow
from mlflow.cli import server
from alembic.config import Config
from alembic.script import ScriptDirectory
def head(folder):
    config = Config()
    config.set_main_option("script_location", str(pathlib.Path(mlflow.__file__).parent / folder))
    return ScriptDirectory.from_config(config).get_current_head()
options = [name[2:] for each in server.params for name in each.opts + each.secondary_opts if name.startswith("--")]
understood, refused = 0, []
for argv in json.load(sys.stdin):
    try:
        # The one option that names a file wants it to be there.
        server.make_context("server", [each.replace("/data/traces.yaml", sys.executable) for each in argv])
        understood += 1
    except BaseException as error:
        refused.append([argv, getattr(error, "message", repr(error))])
print("RESULT", json.dumps({
    "version": mlflow.__version__,
    "trackingSchema": head("store/db_migrations"),
    "authSchema": head("server/auth/db/migrations"),
    "options": sorted(set(options) - {"help"}),
    "understood": understood,
    "refused": refused,
}))
`;
  return JSON.parse(
    marked(await run([python(version), '-c', program], lab.env(version), JSON.stringify(commands))),
  ) as Program;
}
