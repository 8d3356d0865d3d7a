import type { ServerResponse } from 'node:http';
import type { StreamSink } from '../gateway/event-stream.ts';
import type { Reply } from '../gateway/exchange.ts';
import type { Wire } from '../gateway/prepared.ts';

/** An MCP reply on a raw Node response. Writing to a client that is gone does nothing. */
export class NodeReply implements Reply {
  readonly #response: ServerResponse;
  readonly #headers: Record<string, string>;

  constructor(response: ServerResponse, headers: Record<string, string>) {
    this.#response = response;
    this.#headers = headers;
  }

  accepted(): void {
    if (!this.#response.headersSent) this.#response.writeHead(202, this.#headers).end();
  }

  json(wire: Wire): void {
    if (this.#response.headersSent) return;
    const parts = typeof wire === 'string' ? [wire] : wire;
    this.#response.writeHead(200, {
      ...this.#headers,
      'content-type': 'application/json',
      'content-length': parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0),
      'cache-control': 'no-store',
    });
    // The head waits for the first part and goes out with it; the cork holds them all together.
    this.#response.cork();
    for (const part of parts.slice(0, -1)) this.#response.write(part);
    this.#response.end(parts.at(-1));
  }

  stream(): StreamSink {
    const response = this.#response;
    response.writeHead(200, { ...this.#headers, ...streamHeaders });
    response.flushHeaders();
    return {
      write: (text) => void (response.writable && response.write(text)),
      get waiting() {
        return response.writableLength;
      },
      end: () => void response.end(),
      destroy: () => void response.destroy(),
    };
  }

  onGone(listener: () => void): void {
    if (this.#response.destroyed) listener();
    else this.#response.once('close', listener);
  }
}

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};
