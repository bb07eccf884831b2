import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A message from a client to PostgreSQL. */
export interface Message {
  /** Application and database of its connection, and how many like it came before, as in `mlflow-restore/mlflow/0`. */
  readonly connection: string;
  /** How many the connection has sent before. */
  readonly index: number;
  /** A statement, with other bytes around it. */
  readonly text: string;
}

/** What happens to a message: its connection is cut before PostgreSQL has it, or before the client has the answer. */
export type Fate = 'before' | 'after' | undefined;

/** Stands between the programs and PostgreSQL, and cuts connections at a message. TLS must be off. */
export class CuttingProxy {
  /** Decides on each message; may do something first. */
  decide: (message: Message) => Fate = () => undefined;
  private counts = new Map<string, number>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly to: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.pass(client));
  }

  static async start(to: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, to);
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** Counts connections from the beginning, and decides in this way on their messages. */
  watch(decide: (message: Message) => Fate): void {
    this.counts = new Map();
    this.decide = decide;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: Socket): void {
    const server = connect(this.to);
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    server.pipe(client);
    let bytes: Buffer = Buffer.alloc(0);
    let connection = '';
    let index = 0;
    client.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (true) {
        // The first message has no letter before its length.
        const start = connection === '' ? 0 : 1;
        if (bytes.length < start + 4 || bytes.length < start + bytes.readUInt32BE(start)) return;
        const message = bytes.subarray(0, start + bytes.readUInt32BE(start));
        bytes = bytes.subarray(message.length);
        const text = message.toString('latin1');
        if (connection === '') connection = this.nameOf(text);
        const fate = this.decide({ connection, index, text });
        index += 1;
        if (fate === 'before') return cut();
        server.write(message);
        if (fate === 'after') {
          server.unpipe(client);
          client.destroy();
          // PostgreSQL ends the session when it has done what the message says.
          return void server.removeAllListeners('close').end();
        }
      }
    });
  }

  private nameOf(startup: string): string {
    const values = startup.slice(8).split('\0');
    const value = (name: string) => values[values.indexOf(name) + 1] ?? '';
    const name = `${value('application_name')}/${value('database')}`;
    const count = this.counts.get(name) ?? 0;
    this.counts.set(name, count + 1);
    return `${name}/${count}`;
  }
}
