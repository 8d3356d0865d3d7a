import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../helpers/clients/client.ts';
import { realClients } from '../helpers/clients/real-clients.ts';
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway-process.ts';
import { openStream, send } from '../helpers/raw-client.ts';
import { type RawSession, openRawSession, postHeaders } from '../helpers/raw-session.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';

let data: TemporaryHome;
let gateway: GatewayProcess;
const connections = new Map<string, Connection>();
let ended: RawSession;
let open: RawSession;

// One crash for all of them, as it would be on a person's machine.
beforeAll(async () => {
  data = await createHome();
  gateway = await startGatewayProcess({ data: data.path });
  for (const client of realClients) connections.set(client.name, await client.connect(gateway.target));
  for (const client of realClients) expect(await call(client.name), client.name).toMatchObject({ isError: false });
  open = await openRawSession(gateway.target);
  ended = await openRawSession(gateway.target);
  await send(gateway.target.mcp, {
    method: 'DELETE',
    headers: { ...postHeaders(gateway.target), 'mcp-session-id': ended.id },
  });
  await leaveCallsUnderWay();
  await gateway.kill();
  gateway = await startGatewayProcess({ data: data.path, port: Number(new URL(gateway.target.mcp).port) });
});

afterAll(async () => {
  for (const connection of connections.values()) await connection.close();
  await gateway.stop();
  await data.remove();
});

const call = (name: string) => connections.get(name)?.callTool('im_v1_chat_list', {});

/** What comes of these is the clients' affair: they are only meant to be in nobody's way afterwards. */
async function leaveCallsUnderWay(): Promise<void> {
  const lasting = realClients.filter((client) => client.lasting);
  const faults = `${gateway.ready.sandbox}/__fault`;
  const delay = { path: '/open-apis/im/v1/chats', kind: 'delay', delayMs: 600_000, times: lasting.length };
  await fetch(faults, { method: 'POST', body: JSON.stringify(delay) });
  for (const { name } of lasting) call(name)?.catch(() => {});
  await vi.waitFor(async () => expect(await (await fetch(faults)).json()).toEqual([]), {
    timeout: 60_000,
    interval: 50,
  });
}

describe('after kill -9 and a restart on the same data folder', () => {
  test.each(realClients.filter((client) => client.door === 'mcp'))(
    '$name goes on with its next call',
    async ({ name }) => {
      expect(await call(name)).toMatchObject({ isError: false });
    },
  );

  // Until their event stream is back there is nothing an answer could arrive on; they open it again by themselves.
  test.each(realClients.filter((client) => client.door === 'sse'))(
    '$name goes on once its stream is back',
    async ({ name }) => {
      await vi.waitFor(async () => expect(await call(name)).toMatchObject({ isError: false }), {
        timeout: 60_000,
        interval: 250,
      });
    },
  );

  test('a session that its client ended stays ended', async () => {
    expect((await ended.post({ jsonrpc: '2.0', id: 7, method: 'ping' })).status).toBe(404);
  });

  test('a session opens to its own key only', async () => {
    const { key: _, ...keyless } = gateway.target;
    const headers = { ...postHeaders(keyless), 'mcp-session-id': open.id };
    const answer = await send(gateway.target.mcp, {
      method: 'POST',
      headers,
      body: '{"jsonrpc":"2.0","id":7,"method":"ping"}',
    });
    expect(answer.status).toBe(401);
    expect(await open.ask('ping')).toEqual({});
  });

  test('a listening stream is taken up with an event id of before', async () => {
    const headers = { ...postHeaders(gateway.target), 'mcp-session-id': open.id, 'last-event-id': 'main-3' };
    const stream = await openStream(gateway.target.mcp, { headers: { ...headers, accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);
    stream.drop();
  });
});
