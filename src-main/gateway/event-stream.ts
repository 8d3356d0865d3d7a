import type { ReplayLog } from './replay-log.ts';

/** The open HTTP response that an event stream writes to (WHATWG server-sent events). */
export interface StreamSink {
  write(text: string): void;
  /** Bytes written that the client has not taken yet. */
  readonly waiting: number;
  end(): void;
  /** Drops the connection without a proper end. */
  destroy(): void;
}

/**
 * A numbered sequence of messages to a client. It outlives the connection it is written to: without one, messages are
 * kept in the replay log until the client comes back with the last id it saw.
 */
export class EventStream {
  readonly id: string;
  readonly #replay: ReplayLog;
  readonly #queueBytes: number;
  #sink: StreamSink | undefined;
  #seq = 0;
  #ended = false;

  constructor(id: string, replay: ReplayLog, queueBytes: number) {
    this.id = id;
    this.#replay = replay;
    this.#queueBytes = queueBytes;
  }

  get connected(): boolean {
    return this.#sink !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a message, or keeps it for a client that is away. */
  write(text: string): void {
    this.#seq += 1;
    this.#replay.keep(this.id, { seq: this.#seq, text });
    this.#send(frameText(this.#eventId(this.#seq), text));
  }

  /** An event without a message, whose id lets the client resume before anything was said (SEP-1699). */
  prime(retryMs: number): void {
    this.#send(`id: ${this.#eventId(this.#seq)}\nretry: ${retryMs}\ndata: \n\n`);
  }

  /** Continues on `sink` with everything after `seq`. An earlier connection is replaced. */
  attach(sink: StreamSink, seq = this.#seq): void {
    this.#sink?.end();
    this.#sink = sink;
    // After a restart the count begins anew, while the client still knows a later number: all that is here is news.
    const from = seq > this.#seq ? 0 : seq;
    for (const frame of this.#replay.after(this.id, from)) this.#send(frameText(this.#eventId(frame.seq), frame.text));
    if (this.#ended) this.#close();
  }

  /** Forgets `sink` if it is still the current one. */
  detach(sink: StreamSink): void {
    if (this.#sink === sink) this.#sink = undefined;
  }

  /** Ends the connection but not the stream: the client comes back for the rest. */
  hangUp(): void {
    this.#close();
  }

  /** Nothing more will be written. */
  end(): void {
    this.#ended = true;
    this.#close();
  }

  #eventId(seq: number): string {
    return `${this.id}-${seq}`;
  }

  #send(text: string): void {
    if (!this.#sink) return;
    if (this.#sink.waiting > this.#queueBytes) {
      // A client that does not read would fill the memory; it may come back and resume.
      this.#sink.destroy();
      this.#sink = undefined;
      return;
    }
    this.#sink.write(text);
  }

  #close(): void {
    this.#sink?.end();
    this.#sink = undefined;
  }
}

/** Splits an event id that `EventStream` made. */
export function parseEventId(eventId: string): { stream: string; seq: number } | undefined {
  const match = /^([\w.]{1,200})-(\d{1,12})$/.exec(eventId);
  return match?.[1] && match[2] ? { stream: match[1], seq: Number(match[2]) } : undefined;
}

function frameText(id: string, text: string): string {
  return `event: message\nid: ${id}\ndata: ${text}\n\n`;
}
