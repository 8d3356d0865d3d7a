import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type NodeIncomingMessageLike,
  NodeStreamableHTTPServerTransport,
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';
import { type EventStore, McpServer, createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { addPrompts, addResources } from './fixture-server-documents.ts';
import { addTools } from './fixture-server-tools.ts';

/** A server with everything the conformance suite asks of one. Make a fresh one for each session. */
export function createFixtureServer(): McpServer {
  const server = new McpServer(
    { name: 'fixture', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true }, completions: {} } },
  );
  addTools(server);
  addResources(server);
  addPrompts(server);
  return server;
}

export interface ServedFixture {
  url: string;
  close(): Promise<void>;
}

/** Serves the fixture on the SDK's own transports, both eras on one /mcp: what a gateway's answers are compared with. */
export async function serveFixture(): Promise<ServedFixture> {
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  const modern = toNodeHandler(createMcpHandler(createFixtureServer, { legacy: 'reject' }));
  const hostIsLocal = localhostHostValidation();
  const originIsLocal = localhostOriginValidation();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!hostIsLocal(request, response) || !originIsLocal(request, response)) return;
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    // The adapter's type forbids `url: undefined`, which node:http declares and a server never sees.
    const incoming = request as NodeIncomingMessageLike;
    if (!(await isLegacyRequest(await toWebRequest(incoming, body)))) return modern(incoming, response, body);
    const transport = await transportFor(request, sessions);
    if (transport) return transport.handleRequest(request, response, body);
    const error = { code: -32001, message: 'Session not found' };
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
  };

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

type Sessions = Map<string, NodeStreamableHTTPServerTransport>;

/** The transport of the session that is named, a fresh one when none is, undefined when the name is unknown. */
async function transportFor(
  request: IncomingMessage,
  sessions: Sessions,
): Promise<NodeStreamableHTTPServerTransport | undefined> {
  const named = request.headers['mcp-session-id'];
  if (named !== undefined) return sessions.get(String(named));
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: createEventStore(),
    retryInterval: 500,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await createFixtureServer().connect(transport);
  return transport;
}

/** Keeps every message of a session, so that a stream can be taken up again where it broke. */
function createEventStore(): EventStore {
  type Message = Parameters<EventStore['storeEvent']>[1];
  const events: { id: string; streamId: string; message: Message }[] = [];
  return {
    storeEvent: async (streamId, message) => {
      const id = `${streamId}/${events.length}`;
      events.push({ id, streamId, message });
      return id;
    },
    replayEventsAfter: async (lastId, { send }) => {
      const last = events.findIndex((event) => event.id === lastId);
      const streamId = events[last]?.streamId;
      if (streamId === undefined) throw new Error('No such event');
      for (const event of events.slice(last + 1)) {
        // A priming event carries no message: replaying it would be a lie about what was said.
        if (event.streamId === streamId && Object.keys(event.message).length > 0) await send(event.id, event.message);
      }
      return streamId;
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
