import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../helpers/clients/client.ts';
import { realClients } from '../helpers/clients/real-clients.ts';
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway-process.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';

let data: TemporaryHome;
let gateway: GatewayProcess;
const connections = new Map<string, Connection>();

// One crash for all of them, as it would be on a person's machine.
beforeAll(async () => {
  data = await createHome();
  const before = await startGatewayProcess({ data: data.path });
  gateway = before;
  for (const client of realClients) {
    const connection = await client.connect(before.target);
    connections.set(client.name, connection);
    expect(await connection.callTool('im_v1_chat_list', {}), client.name).toMatchObject({ isError: false });
  }
  await before.kill();
  gateway = await startGatewayProcess({ data: data.path, port: Number(new URL(before.target.mcp).port) });
});

afterAll(async () => {
  for (const connection of connections.values()) await connection.close();
  await gateway.stop();
  await data.remove();
});

const call = (name: string) => connections.get(name)?.callTool('im_v1_chat_list', {});

describe('after kill -9 and a restart on the same data folder', () => {
  test.each(realClients.filter((client) => client.door === 'mcp'))('$name goes on with its next call', async ({ name }) => {
    expect(await call(name)).toMatchObject({ isError: false });
  });

  // Until their event stream is back there is nothing an answer could arrive on; they open it again by themselves.
  test.each(realClients.filter((client) => client.door === 'sse'))('$name goes on once its stream is back', async ({ name }) => {
    await vi.waitFor(async () => expect(await call(name)).toMatchObject({ isError: false }), { timeout: 60_000, interval: 250 });
  });
});
