import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Environment, type Result, Service, waitForService } from './process';

/**
 * Listens on a socket, and runs a program of ours in a fork for each connection that describes one: what `python -m`
 * does, but for what it imports, which is imported once.
 */
const LISTENING = `
import json, os, runpy, signal, socket, sys, traceback
import boto3, mlflow.server.auth, mlflow.store.db.utils, psycopg2


def run(program, environment, stdout, stderr):
    code = 1
    try:
        for descriptor, name in (1, stdout), (2, stderr):
            os.dup2(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600), descriptor)
        os.environ.clear()
        os.environ.update(environment)
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


# As when the program itself is started: modules beside it are found.
sys.path.insert(0, os.getcwd())
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    connection, _ = listener.accept()
    # One that waits for the run, so that others can begin meanwhile.
    if os.fork():
        connection.close()
        continue
    listener.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    described = json.loads(connection.makefile().readline())
    process = os.fork()
    if not process:
        connection.close()
        run(**described)
    connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())
    os._exit(0)
`;

/** A process that has imported MLflow, which takes up to four seconds of CPU, and forks itself to run programs. */
export class Forks {
  private constructor(
    readonly service: Service,
    private readonly socket: string,
  ) {}

  /** @param socket a path for the socket on which it listens */
  static async start(python: string, env: Environment, socket: string): Promise<Forks> {
    const service = new Service([python, '-c', LISTENING, socket], env);
    try {
      await waitForService(service, 'the process that forks', async () => service.output.includes('listening'));
    } catch (error) {
      await service.stop();
      throw error;
    }
    return new Forks(service, socket);
  }

  /**
   * Runs a program to its end.
   *
   * @param path the beginning of the paths of two new files, for what it says
   */
  async run(program: string, environment: Environment, path: string): Promise<Result> {
    const [stdout, stderr] = [`${path}-stdout`, `${path}-stderr`];
    for (const file of [stdout, stderr]) writeFileSync(file, '');
    const connection = connect(this.socket);
    connection.write(`${JSON.stringify({ program, environment, stdout, stderr })}\n`);
    const code = await text(connection);
    if (code === '') throw new Error(`the process that forks gave no exit code:\n${this.service.output}`);
    return { code: Number(code), stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8') };
  }
}
