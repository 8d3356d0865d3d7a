import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../helpers/clients/client.ts';
import { realClients } from '../helpers/clients/real-clients.ts';
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway-process.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';

let data: TemporaryHome;
let gateway: GatewayProcess;

beforeAll(async () => {
  data = await createHome();
  gateway = await startGatewayProcess({ data: data.path });
});

afterAll(async () => {
  await gateway.stop();
  await data.remove();
});

describe.each(realClients)('$name', (client) => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await client.connect(gateway.target);
  });

  afterAll(() => connection.close());

  test('agrees on the protocol it came for', () => {
    const { era, version } = connection.negotiated;
    expect([client.era, undefined]).toContain(era);
    expect([client.era === 'modern' ? '2026-07-28' : '2025-11-25', undefined]).toContain(version);
  });

  test('lists the tools', async () => {
    const names = await connection.listTools();
    expect(names).toContain('im_v1_chat_list');
    expect(names.length).toBeLessThanOrEqual(60);
  });

  test('works in Feishu as the person who is signed in', async () => {
    const created = await connection.callTool('im_v1_chat_create', { data: { name: `小组 of ${client.name}` } });
    expect(created).toMatchObject({ isError: false });
    const chats = await connection.callTool('im_v1_chat_list', {});
    expect(chats.text).toContain(`小组 of ${client.name}`);
  });

  test('is told in words what was wrong with a call', async () => {
    const answer = await connection.callTool('im_v1_chat_list', { params: { page_size: 'many' } });
    expect(answer).toMatchObject({ isError: true });
    expect(answer.text).toContain('page_size');
  });
});

test('a client without the key is turned away', async () => {
  const { key: _, ...keyless } = gateway.target;
  for (const client of realClients) {
    await expect(connectAndList(client, keyless), client.name).rejects.toThrow();
  }
});

async function connectAndList(
  client: (typeof realClients)[number],
  target: Parameters<typeof client.connect>[0],
): Promise<void> {
  const connection = await client.connect(target);
  try {
    await connection.listTools();
  } finally {
    await connection.close();
  }
}
