import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { initializeRequest, openRawSession, postHeaders } from '../helpers/raw-session.ts';
import { send } from '../helpers/raw-client.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
beforeEach(async () => {
  gateway = await startGateway({ signedIn: false });
});
afterEach(() => gateway.close());

const post = (body: unknown) =>
  send(gateway.mcp, { method: 'POST', headers: postHeaders(gateway), body: JSON.stringify(body) });

describe('a handshake', () => {
  test.each([
    ['without an id', { jsonrpc: '2.0', method: 'initialize', params: initializeRequest().params }],
    ['without parameters', { jsonrpc: '2.0', id: 1, method: 'initialize' }],
    ['with empty parameters', { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }],
    [
      'of many kilobytes',
      {
        ...initializeRequest(),
        params: { ...initializeRequest().params, capabilities: { experimental: { junk: { x: 'x'.repeat(20_000) } } } },
      },
    ],
  ])('%s opens no session', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32602 } });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
  });

  test.each(['GET', 'DELETE'] as const)(
    '%s with a version that does not exist is refused, with the ones that do',
    async (method) => {
      const session = await openRawSession(gateway);
      const headers = { ...postHeaders(gateway), 'mcp-session-id': session.id, 'mcp-protocol-version': '1999-01-01' };
      const answer = await send(gateway.mcp, { method, headers });
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('2025-11-25');
    },
  );
});
