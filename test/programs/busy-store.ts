import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { ObjectStore } from './object-store';

/** A proxy of an object store that does something before the first upload arrives. */
export class BusyStore {
  uploads = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly store: ObjectStore,
    private readonly first: () => Promise<unknown>,
  ) {
    server.on('connection', (client) => this.pass(client));
  }

  static async start(store: ObjectStore, first: () => Promise<unknown>): Promise<BusyStore> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BusyStore(server, store, first);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(client: Socket): void {
    const store = connect(this.store.port, '127.0.0.1');
    for (const socket of [client, store]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    store.pipe(client);
    let sent = Promise.resolve<unknown>(undefined);
    client.on('data', (bytes: Buffer) => {
      if (bytes.toString('latin1', 0, 4) === 'PUT ') {
        this.uploads += 1;
        if (this.uploads === 1) sent = sent.then(this.first);
      }
      sent = sent.then(() => store.write(bytes));
    });
    client.on('end', () => store.end());
  }
}
