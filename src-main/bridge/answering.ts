import type { BridgeTrouble } from './bridge-words.ts';
import { errorIn, faultCodeIn, type Reply } from './courier.ts';
import { readEvents } from './event-stream.ts';
import { AnswerLost, NotSent } from './gateway-door.ts';
import type { LineWriter } from './line-streams.ts';
import { answeredId, type Message, troubleAnswer } from './message.ts';

/** Where a stream broke off: what to name when asking for the rest, and when to. */
export interface Mark {
  lastEventId: string | undefined;
  retryMs: number;
}

export function newMark(): Mark {
  return { lastEventId: undefined, retryMs: 0 };
}

/** Hands a whole answer on. A refusal goes out under the id of the request, whatever id it came with. */
export async function writeReply(
  reply: Extract<Reply, { kind: 'text' }>,
  message: Message,
  out: LineWriter,
): Promise<void> {
  const { status, text } = reply;
  if (status === 401) return write(out, troubleAnswer(message, 'key_refused'));
  if (status === 413) return write(out, troubleAnswer(message, 'too_large'));
  if (answeredId(text) === message.id) return out.write(text);
  const error = errorIn(text);
  return write(
    out,
    error === undefined ? troubleAnswer(message, 'not_understood') : { jsonrpc: '2.0', id: message.id, error },
  );
}

/** Hands on what comes down a stream until it ends. Resolves to whether the answer to `id` was among it. */
export async function pump(
  head: AsyncIterable<string>,
  mark: Mark,
  onMessage: (text: string) => Promise<boolean | void>,
): Promise<boolean> {
  try {
    for await (const { id, data, retry } of readEvents(head)) {
      // A message counts as received when it was handed on.
      if (data && (await onMessage(data))) return true;
      mark.lastEventId = id ?? mark.lastEventId;
      mark.retryMs = retry ?? mark.retryMs;
    }
  } catch {
    // It broke off, which is not more than its end.
  }
  return false;
}

export function write(out: LineWriter, message: object): Promise<void> {
  return out.write(JSON.stringify(message));
}

export function isSessionGone(reply: Reply): boolean {
  return reply.kind === 'text' && reply.status === 404 && faultCodeIn(reply.text) === 'session_not_found';
}

/** What to tell the client when a request failed on the way. */
export function troubleOf(error: unknown): BridgeTrouble {
  if (error instanceof NotSent) return error.why;
  return error instanceof AnswerLost ? 'outcome_unknown' : 'not_understood';
}
