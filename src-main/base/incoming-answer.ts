import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { Fault } from './fault.ts';

interface WholeAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Gathers one answer from undici's events; a stream to be read would cost more than all the rest of an exchange.
 * Redirects and answers above `maxBytes` end in a Fault.
 */
export class IncomingAnswer implements Dispatcher.DispatchHandler {
  readonly whole: Promise<WholeAnswer>;
  readonly #maxBytes: number;
  #resolve!: (answer: WholeAnswer) => void;
  #reject!: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Fault | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.whole = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Ends the exchange with `fault`, wherever it is. */
  stop(fault: Fault): void {
    this.#stopped = fault;
    this.#controller?.abort(fault);
    this.#reject(fault);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(this.#stopped);
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = flatten(headers);
    if (status >= 300 && status < 400) this.stop(new Fault('redirect_refused', { details: { status } }));
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes)
      this.stop(new Fault('answer_too_large', { details: { maxBytes: this.#maxBytes } }));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#reject(error);
  }
}

/** The last value of a repeated header. */
function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) flat[name] = last;
  }
  return flat;
}
