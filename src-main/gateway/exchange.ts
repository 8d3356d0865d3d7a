import type { RequestId } from '@modelcontextprotocol/server';
import type { EventStream, StreamSink } from './event-stream.ts';
import { type Wire, toText } from './prepared.ts';

/** The HTTP response to one POST, before it is known whether it becomes a document or a stream. */
export interface Reply {
  accepted(): void;
  json(wire: Wire): void;
  stream(): StreamSink;
  /** Called once when the client is gone. */
  onGone(listener: () => void): void;
}

/**
 * The answers to one POST. They go out as one JSON document when all of them are there soon; as an event stream when
 * something has to be said before that or when it takes long, so that a broken connection can be resumed.
 */
export class Exchange {
  readonly #reply: Reply;
  readonly #openStream: (sink: StreamSink) => EventStream;
  readonly #onDone: () => void;
  readonly #batch: boolean;
  readonly #waiting: Set<RequestId>;
  readonly #answers: Wire[] = [];
  #stream: EventStream | undefined;

  constructor(
    reply: Reply,
    request: { ids: RequestId[]; batch: boolean },
    parts: { openStream: (sink: StreamSink) => EventStream; onDone: () => void },
  ) {
    this.#reply = reply;
    this.#openStream = parts.openStream;
    this.#onDone = parts.onDone;
    this.#batch = request.batch;
    this.#waiting = new Set(request.ids);
  }

  get done(): boolean {
    return this.#waiting.size === 0;
  }

  answer(id: RequestId, wire: Wire): void {
    this.#waiting.delete(id);
    if (this.#stream) this.#stream.write(toText(wire));
    else this.#answers.push(wire);
    if (this.done) this.#finish();
  }

  /** The server will not answer this request: it was canceled. */
  drop(id: RequestId): void {
    if (this.#waiting.delete(id) && this.done) this.#finish();
  }

  /** Says something that is not an answer: a notification or a request to the client. */
  say(text: string): void {
    this.becomeStream().write(text);
  }

  becomeStream(): EventStream {
    if (this.#stream) return this.#stream;
    const sink = this.#reply.stream();
    const stream = this.#openStream(sink);
    this.#stream = stream;
    this.#reply.onGone(() => stream.detach(sink));
    for (const wire of this.#answers.splice(0)) stream.write(toText(wire));
    return stream;
  }

  #finish(): void {
    this.#onDone();
    const [first, ...more] = this.#answers;
    if (this.#stream) this.#stream.end();
    else if (first === undefined) this.#reply.accepted();
    else if (this.#batch) this.#reply.json(`[${[first, ...more].map((wire) => toText(wire)).join(',')}]`);
    else this.#reply.json(first);
  }
}
