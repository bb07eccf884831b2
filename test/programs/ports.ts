import { createServer, type Server } from 'node:net';

/**
 * Ports below those that the system gives to connections, in blocks. A test process has a block of its own for as long as
 * it listens on the block's first port: a port that is free now is not taken before the program that it is for listens.
 */
const FIRST = 10_000;
const END = 32_768;
const BLOCK = 50;

let held: Promise<number> | undefined;
let given = 0;

/** A port on loopback that nothing listens on, and that no other test is given. */
export async function freePort(): Promise<number> {
  held ??= holdBlock();
  const first = await held;
  for (let tries = 0; tries < BLOCK; tries += 1) {
    const port = first + 1 + (given % (BLOCK - 1));
    given += 1;
    const server = await listen(port);
    if (server) {
      await new Promise((resolve) => server.close(resolve));
      return port;
    }
  }
  throw new Error(`all ports from ${first} to ${first + BLOCK - 1} are taken`);
}

async function holdBlock(): Promise<number> {
  for (let first = FIRST; first + BLOCK <= END; first += BLOCK) {
    const server = await listen(first);
    if (server) {
      server.unref();
      return first;
    }
  }
  throw new Error(`all blocks of ports from ${FIRST} to ${END - 1} are taken`);
}

/** What listens on a port, or nothing if it is taken. */
function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined)).listen(port, '127.0.0.1', () => resolve(server));
  });
}
