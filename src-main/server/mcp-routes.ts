import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SUPPORTED_PROTOCOL_VERSIONS, type JSONRPCMessage, classifyInboundRequest } from '@modelcontextprotocol/server';
import { Fault } from '../base/fault.ts';
import { authInfoOf } from '../gateway/auth-info.ts';
import type { Caller } from '../gateway/caller.ts';
import type { Channel } from '../gateway/channel.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { parseBody, readMessages } from '../gateway/messages.ts';
import { type Session, findInitialize } from '../gateway/session.ts';
import { header, requestId, sendFault, toFault } from './error-form.ts';
import { NodeReply } from './node-reply.ts';
import type { OpenStreams } from './open-streams.ts';

export interface McpRouteParts {
  gateway: Gateway;
  streams: OpenStreams;
  identify(request: FastifyRequest): Promise<Caller>;
}

/** Streamable HTTP for both eras on one address: sessions until 2025-11-25, none since 2026-07-28. */
export function mcpRoutes(app: FastifyInstance, parts: McpRouteParts): void {
  for (const url of ['/mcp', '/mcp/:key']) {
    app.post(url, (request, reply) => post(request, reply, parts));
    app.get(url, (request, reply) => openMainStream(request, reply, parts));
    app.delete(url, async (request, reply) => {
      if (header(request, 'mcp-protocol-version') === '2026-07-28') return refuseMethod(request, reply);
      const { session } = await findSession(request, parts);
      await parts.gateway.sessions.end(session, 'client');
      return reply.code(200).send();
    });
    app.route({ method: ['PUT', 'PATCH', 'OPTIONS'], url, handler: refuseMethod });
  }
}

async function post(request: FastifyRequest, reply: FastifyReply, parts: McpRouteParts): Promise<FastifyReply> {
  let id: string | number | null = null;
  try {
    const caller = await parts.identify(request);
    const body = parseBody(bodyOf(request));
    id = requestId(body);
    if (isStateless(request, body)) {
      parts.gateway.stateless.admit(caller, body);
      reply.hijack();
      await parts.gateway.stateless.serve(caller, { request: request.raw, response: reply.raw, body });
      return reply;
    }
    checkHeaders(request);
    const { session, channel, messages } = await sessionFor(request, caller, { body, parts });
    const answer = new NodeReply(reply.raw, { 'mcp-session-id': session.id });
    const batch = Array.isArray(body);
    channel.receive(messages, answer, { batch, stream: prefersStream(request), authInfo: authInfoOf(caller, session) });
    // Only now: a refusal of `receive` still has to go out through the reply.
    reply.hijack();
    return reply;
  } catch (thrown) {
    // Half an answer cannot be taken back; a broken connection is at least not mistaken for a whole one.
    if (!reply.sent) return sendFault(reply, toFault(thrown), id);
    reply.raw.destroy();
    return reply;
  }
}

/** The session a POST belongs to: a new one for a handshake, the named one for everything else. Takes the limit. */
async function sessionFor(
  request: FastifyRequest,
  caller: Caller,
  { body, parts }: { body: unknown; parts: McpRouteParts },
): Promise<{ session: Session; channel: Channel; messages: JSONRPCMessage[] }> {
  const { sessions, admission, limits } = parts.gateway;
  const id = header(request, 'mcp-session-id');
  if (id === undefined) {
    const messages = readMessages(body, limits, false);
    const initialize = findInitialize(messages);
    if (!initialize) throw new Fault('session_required');
    admission.admit(caller, undefined, messages);
    const session = await sessions.open(caller, 'streamable-http', initialize);
    return { session, channel: channelOf(session), messages };
  }
  const session = await sessions.find(id, caller.keyId);
  if (session?.transport !== 'streamable-http') throw new Fault('session_not_found');
  const messages = readMessages(body, limits, session.protocolVersion === '2025-03-26');
  if (findInitialize(messages)) throw new Fault('invalid_request', { words: alreadyInitialized });
  admission.admit(caller, session, messages);
  return { session, channel: channelOf(session), messages };
}

async function openMainStream(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: McpRouteParts,
): Promise<FastifyReply> {
  if (header(request, 'mcp-protocol-version') === '2026-07-28') return refuseMethod(request, reply);
  const { session, caller } = await findSession(request, parts);
  if (!accepts(request, 'text/event-stream')) throw new Fault('not_acceptable');
  if (parts.streams.count >= parts.gateway.limits.sseStreams) throw parts.gateway.admission.full('streams', caller);
  const channel = channelOf(session);
  reply.hijack();
  const answer = new NodeReply(reply.raw, { 'mcp-session-id': session.id });
  const sink = answer.stream();
  const disconnect = channel.connect(sink, header(request, 'last-event-id'));
  parts.streams.add(sink);
  answer.onGone(() => {
    parts.streams.remove(sink);
    disconnect();
  });
  return reply;
}

async function findSession(
  request: FastifyRequest,
  parts: McpRouteParts,
): Promise<{ session: Session; caller: Caller }> {
  const caller = await parts.identify(request);
  checkVersion(request);
  const id = header(request, 'mcp-session-id');
  if (id === undefined) throw new Fault('session_required');
  const session = await parts.gateway.sessions.find(id, caller.keyId);
  if (session?.transport !== 'streamable-http') throw new Fault('session_not_found');
  return { session, caller };
}

export function channelOf(session: Session): Channel {
  if (!session.connection) throw new Fault('session_not_found');
  return session.connection.channel;
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** Whether a request is of the revision without sessions: it says so in its body, or at least in its header. */
function isStateless(request: FastifyRequest, body: unknown): boolean {
  const version = header(request, 'mcp-protocol-version');
  const known = version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version);
  // Most requests are older ones, and the full classification costs as much as the rest of the door.
  if (known && !mentionsMeta(body)) return false;
  const optional = (name: string, key: string) => {
    const value = header(request, name);
    return value === undefined ? {} : { [key]: value };
  };
  const outcome = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...optional('mcp-protocol-version', 'protocolVersionHeader'),
    ...optional('mcp-method', 'mcpMethodHeader'),
    ...optional('mcp-name', 'mcpNameHeader'),
  });
  // What is no message at all is refused in one place, with our words.
  return outcome.kind === 'modern' || (outcome.kind === 'reject' && outcome.cell !== 'invalid-json-rpc-body');
}

function mentionsMeta(body: unknown): boolean {
  if (Array.isArray(body)) return body.some((entry) => mentionsMeta(entry));
  const params = typeof body === 'object' && body !== null && 'params' in body ? body.params : undefined;
  return typeof params === 'object' && params !== null && '_meta' in params;
}

function checkHeaders(request: FastifyRequest): void {
  if (!accepts(request, 'application/json') || !accepts(request, 'text/event-stream'))
    throw new Fault('not_acceptable');
  checkVersion(request);
}

function checkVersion(request: FastifyRequest): void {
  const version = header(request, 'mcp-protocol-version');
  if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
    throw new Fault('unsupported_protocol_version', {
      details: { supported: [...SUPPORTED_PROTOCOL_VERSIONS, '2026-07-28'] },
    });
  }
}

function accepts(request: FastifyRequest, type: string): boolean {
  const accept = header(request, 'accept')?.toLowerCase() ?? '';
  return accept.includes(type) || accept.includes('*/*');
}

/** A client that names the stream first gets one, even for an answer that is there at once. */
function prefersStream(request: FastifyRequest): boolean {
  const accept = header(request, 'accept')?.toLowerCase() ?? '';
  const stream = accept.indexOf('text/event-stream');
  return stream !== -1 && stream < accept.indexOf('application/json');
}

async function refuseMethod(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendFault(reply.header('allow', 'POST, GET, DELETE'), new Fault('method_not_allowed'));
}

const alreadyInitialized = {
  zh: '此会话已经完成 initialize。',
  en: 'This session is initialized already.',
};
