import type { IncomingHttpHeaders } from 'node:http';
import { Client } from 'undici';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One kept-alive connection. It speaks as cheaply as it can, so that the server is what is measured. */
export class HttpConnection {
  readonly #client: Client;
  readonly #path: string;

  constructor(url: string) {
    const { origin, pathname, search } = new URL(url);
    this.#client = new Client(origin, { headersTimeout: 120_000, bodyTimeout: 120_000, keepAliveTimeout: 600_000 });
    this.#path = pathname + search;
  }

  send(method: 'POST' | 'DELETE', headers: Record<string, string>, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const answer: Answer = { status: 0, headers: {}, body: Buffer.alloc(0) };
      this.#client.dispatch(
        { path: this.#path, method, headers, ...(body !== undefined && { body }) },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, status, received) => {
            answer.status = status;
            answer.headers = received;
          },
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd: () => {
            answer.body = Buffer.concat(chunks);
            resolve(answer);
          },
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  /** A stream that stays open and is not read: resolves when the server has accepted it. */
  hold(headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.dispatch(
        { path: this.#path, method: 'GET', headers, bodyTimeout: 0 },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, status) =>
            status === 200 ? resolve() : reject(new Error(`The event stream was answered with ${status}`)),
          onResponseData: () => {},
          onResponseEnd: () => {},
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }
}
