import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB, type RunOptions, run } from '../lab';

/** Runs its arguments, of which the first is the file to show as /etc/hosts. */
const WITH_HOSTS = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"'];

/** A machine outside of the cluster that knows hosts of ours by name, with their CA certificate. */
export class Outsider {
  private readonly command: readonly string[];

  /**
   * @param folder where `ca.crt` is, and where its files go
   * @param address of all hosts
   */
  constructor(
    readonly folder: string,
    address: string,
    hosts: readonly string[],
  ) {
    const file = join(folder, 'hosts');
    writeFileSync(file, `127.0.0.1 localhost\n${hosts.map((host) => `${address} ${host}\n`).join('')}`);
    this.command = [join(LAB, 'cluster', 'exec'), '--ext', ...WITH_HOSTS, file];
  }

  /** The CA certificate that its programs trust. */
  get authority(): string {
    return join(this.folder, 'ca.crt');
  }

  /** Runs a program there. */
  run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
    const [program = '', ...given] = [...this.command, ...argv];
    return run(program, given, options);
  }

  /** A file that runs a program there when it is executed, with the arguments that it is given. */
  executable(program: string): string {
    const file = join(this.folder, 'outside');
    const quoted = [...this.command, program].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    writeFileSync(file, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
    return file;
  }
}
