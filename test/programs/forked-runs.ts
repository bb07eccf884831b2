/** Runs a program of Python in a fork for each environment that standard input names. */
export const FORKING = `
import json, os, runpy, sys, traceback
program, at_once = sys.argv[1], int(sys.argv[2])
runs = json.load(sys.stdin)
import boto3, mlflow.server.auth, mlflow.store.db.utils, psycopg2
# As when the program itself is started: modules beside it are found.
sys.path.insert(0, os.getcwd())
codes, running = {}, {}
def wait_for_one():
    process, status = os.wait()
    codes[running.pop(process)] = os.waitstatus_to_exitcode(status)
for index, run in enumerate(runs):
    if len(running) == at_once:
        wait_for_one()
    process = os.fork()
    if process:
        running[process] = index
        continue
    code = 1
    try:
        for descriptor, name in (1, "stdout"), (2, "stderr"):
            os.dup2(os.open(run[name], os.O_CREAT | os.O_WRONLY, 0o600), descriptor)
        os.environ.clear()
        os.environ.update(run["env"])
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
while running:
    wait_for_one()
print("RESULT", json.dumps([codes[index] for index in range(len(runs))]))
`;
