import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { portView } from '../../../src-main/control/port-view.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen({ port, host });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

test('a port that somebody holds is taken, by whom, and another one is free', async () => {
  const port = await listen('127.0.0.1');
  const view = await portView(port, 1);
  expect(view).toMatchObject({ port, state: 'taken' });
  expect(view.nextFree).toBeGreaterThan(port);
  // Elsewhere the system may not say.
  if (process.platform === 'linux') expect(view.holder).toMatchObject({ pid: process.pid });
});

test('a port that is taken on the other loopback address only is taken', async () => {
  const port = await listen('::1').catch(() => undefined);
  // A machine without IPv6 has nobody there.
  if (port !== undefined) expect((await portView(port, 1)).state).toBe('taken');
});

test('a free port is free, and the gateway’s own is its own', async () => {
  const port = await listen('127.0.0.1');
  servers.splice(0).forEach((server) => server.close());
  expect(await portView(port, 1)).toEqual({ port, state: 'free', holder: null, nextFree: null });
  expect(await portView(5275, 5275)).toEqual({ port: 5275, state: 'self', holder: null, nextFree: null });
});
