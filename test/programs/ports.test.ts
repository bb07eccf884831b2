import { createServer } from 'node:net';
import { freePort } from './ports';

const many = async (next: () => Promise<number>) => {
  const ports = [];
  for (let count = 0; count < 40; count += 1) ports.push(await next());
  return ports;
};

test('two test files are given ports that differ, below those of connections', async () => {
  let other = freePort;
  await jest.isolateModulesAsync(async () => {
    other = ((await import('./ports')) as { freePort: typeof freePort }).freePort;
  });
  expect(other).not.toBe(freePort);
  const ports = [...(await many(freePort)), ...(await many(other))];
  expect(new Set(ports).size).toBe(80);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('a port that something listens on is not given', async () => {
  const taken = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
  try {
    expect(await many(freePort)).not.toContain(taken);
    expect(await many(freePort)).not.toContain(taken);
  } finally {
    server.close();
  }
});
