import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Environment, type Result, Service, waitForService } from './process';

/**
 * Runs a program of ours in a fork for each request on a socket. What `prepare` imports is imported once, in the parent;
 * nothing runs at the exit of the interpreter.
 */
const LISTENING = `
import json, os, runpy, signal, socket, sys, traceback
import boto3, psycopg2


def run(program, environment, stdout, stderr):
    code = 1
    try:
        for descriptor, name in (1, stdout), (2, stderr):
            os.dup2(os.open(name, os.O_WRONLY), descriptor)
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
from prepare.__main__ import import_stores
import_stores(auth=True)
# Else runpy warns that it is imported already.
del sys.modules["prepare.__main__"]
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    connection, _ = listener.accept()
    # A child waits for the run, so that the parent can accept others.
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
    private readonly service: Service,
    private readonly socket: string,
  ) {}

  /** @param socket a path for the socket on which it listens */
  static serve(python: string, env: Environment, socket: string): Service {
    return new Service([python, '-c', LISTENING, socket], env);
  }

  /** Waits until a service of `serve` listens. */
  static async on(service: Service, socket: string): Promise<Forks> {
    await waitForService(service, 'the process that forks', async () => service.output.includes('listening'));
    return new Forks(service, socket);
  }

  /**
   * Runs a program to its end.
   *
   * @param path the prefix of two new files, for standard output and standard error
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
