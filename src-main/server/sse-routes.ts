import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../base/fault.ts';
import { authInfoOf } from '../gateway/auth-info.ts';
import type { Caller } from '../gateway/caller.ts';
import { parseEventId, type StreamSink } from '../gateway/event-stream.ts';
import { parseBody, readMessages } from '../gateway/messages.ts';
import { type Session, findInitialize } from '../gateway/session.ts';
import { header, requestId, sendFault, toFault } from './error-form.ts';
import { bodyOf, channelOf, type McpRouteParts } from './mcp-routes.ts';
import { NodeReply } from './node-reply.ts';

export interface SseRouteParts extends McpRouteParts {
  version: string;
  signInLink(session: Session): string;
  isSignedIn(session: Session, caller: Caller): boolean;
}

/** The older transport (2024-11-05): one stream down, messages up by POST. */
export function sseRoutes(app: FastifyInstance, parts: SseRouteParts): void {
  for (const url of ['/sse', '/sse/:key']) app.get(url, (request, reply) => openStream(request, reply, parts));
  for (const url of ['/messages', '/messages/:key'])
    app.post(url, (request, reply) => takeMessage(request, reply, parts));
}

async function openStream(request: FastifyRequest, reply: FastifyReply, parts: SseRouteParts): Promise<FastifyReply> {
  const { gateway, streams } = parts;
  const caller = await parts.identify(request);
  gateway.admission.admitVisit(caller.address);
  if (streams.count >= gateway.limits.sseStreams) throw gateway.admission.full('streams', caller);
  const lastEventId = header(request, 'last-event-id');
  const earlier = lastEventId === undefined ? undefined : parseEventId(lastEventId)?.stream;
  // A client that comes back says its last event, whose id names its session; one it made up names none.
  const session =
    (earlier && (await resumable(earlier, caller, parts))) || (await gateway.sessions.open(caller, 'sse'));
  reply.hijack();
  const answer = new NodeReply(reply.raw, {});
  const sink = answer.stream();
  greet(sink, { session, caller, parts, messagesUrl: request.url.replace(/\?.*$/, '').replace('/sse', '/messages') });
  const disconnect = channelOf(session).connect(sink, lastEventId);
  streams.add(sink);
  answer.onGone(() => {
    streams.remove(sink);
    disconnect();
  });
  return reply;
}

async function resumable(id: string, caller: Caller, parts: SseRouteParts): Promise<Session | undefined> {
  const session = await parts.gateway.sessions.find(id, caller.keyId);
  return session?.transport === 'sse' ? session : undefined;
}

/** The first two events in one write: where to send messages, and who one is here. */
function greet(
  sink: StreamSink,
  {
    session,
    caller,
    parts,
    messagesUrl,
  }: { session: Session; caller: Caller; parts: SseRouteParts; messagesUrl: string },
): void {
  const metadata = {
    sessionId: session.id,
    authenticated: parts.isSignedIn(session, caller),
    oauthUrl: parts.signInLink(session),
    server: { name: 'larkgate', version: parts.version },
  };
  sink.write(
    `retry: 3000\nevent: endpoint\ndata: ${messagesUrl}?sessionId=${session.id}\n\n` +
      // A named event: to a client an unnamed one would be a JSON-RPC message.
      `event: metadata\nid: ${session.id}-0\ndata: ${JSON.stringify(metadata)}\n\n`,
  );
}

async function takeMessage(request: FastifyRequest, reply: FastifyReply, parts: SseRouteParts): Promise<FastifyReply> {
  let id: string | number | null = null;
  try {
    const caller = await parts.identify(request);
    const session = await sessionOf(request, caller, parts);
    const channel = channelOf(session);
    const body = parseBody(bodyOf(request));
    id = requestId(body);
    const messages = readMessages(body, parts.gateway.limits, false);
    parts.gateway.admission.admit(caller, session, messages);
    if (!channel.connected) throw new Fault('stream_gone');
    const initialize = findInitialize(messages);
    if (initialize) parts.gateway.sessions.introduce(session, initialize);
    channel.receive(messages, new NodeReply(reply.raw, {}), { batch: false, authInfo: authInfoOf(caller, session) });
    // Only now: a refusal of `receive` still has to go out through the reply.
    reply.hijack();
    return reply;
  } catch (thrown) {
    return sendFault(reply, toFault(thrown), id);
  }
}

async function sessionOf(request: FastifyRequest, caller: Caller, parts: SseRouteParts): Promise<Session> {
  const { query } = request;
  const id = typeof query === 'object' && query !== null && 'sessionId' in query ? query.sessionId : undefined;
  const session = typeof id === 'string' ? await parts.gateway.sessions.find(id, caller.keyId) : undefined;
  if (session?.transport !== 'sse') throw new Fault('session_not_found');
  return session;
}
