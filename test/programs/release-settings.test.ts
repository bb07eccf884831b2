import { optionsOf, variablesOf } from '../../lib/mlflow/options';
import { release as releaseOf } from '../../lib/mlflow/releases';
import { GUNICORN } from '../../lib/mlflow/server-programs/gunicorn';
import { flagNames } from '../../lib/mlflow/server-programs/program';
import { UVICORN } from '../../lib/mlflow/server-programs/uvicorn';
import { run } from './process';
import { marked } from './said';
import { python, runReleases } from './tools';

/** The tables of what the server can be told, compared with the packages of each release. */

/** What the packages of a release read. */
interface Read {
  /** The variables that the command binds to options, by option. */
  readonly bound: Readonly<Record<string, string>>;
  /** Of the given variables, those that no package reads. */
  readonly unread: readonly string[];
  /** The options of the server program. */
  readonly flags: readonly string[];
}

const PROGRAM = `
import importlib.util, json, pathlib, sys
from mlflow.cli import server
given = json.load(sys.stdin)
packages = ["mlflow", "uvicorn", "gunicorn", "prometheus_client"]
folders = [spec.submodule_search_locations[0] for spec in map(importlib.util.find_spec, packages) if spec]
text = "".join(path.read_text() for folder in folders for path in pathlib.Path(folder).rglob("*.py"))
if given["program"] == "uvicorn":
    import uvicorn.main
    flags = [name for each in sys.modules["uvicorn.main"].main.params for name in each.opts + each.secondary_opts]
    flags = [name for name in flags if name.startswith("-")] + ["--help"]
else:
    from gunicorn.config import Config
    flags = [name for each in Config().parser()._actions for name in each.option_strings]
print("RESULT", json.dumps({
    "bound": {each.opts[0][2:]: each.envvar for each in server.params if each.envvar},
    "unread": [name for name in given["variables"] if name not in text],
    "flags": sorted(flags),
}))
`;

test.each(runReleases)('MLflow %s reads the variables and the options of the tables', async (version) => {
  const release = releaseOf(version);
  const program = release.can('uvicorn') ? UVICORN : GUNICORN;
  const variables = optionsOf(release).flatMap(variablesOf);
  const input = JSON.stringify({ program: program.name, variables });
  const read = JSON.parse(marked(await run([python(version), '-c', PROGRAM], process.env, input))) as Read;
  expect(read.bound).toEqual(Object.fromEntries(Object.keys(read.bound).map((name) => [name, variablesOf(name)[0]])));
  expect(read.unread).toEqual([]);
  expect(read.flags).toEqual(flagNames(program).sort());
});
