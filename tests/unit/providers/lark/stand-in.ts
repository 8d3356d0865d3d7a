import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ToolContext } from '../../../../src-main/providers/provider.ts';
import type { Clock } from '../../../../src-main/base/clock.ts';
import type { Credential } from '../../../../src-main/tokens/credential.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

/** How the stand-in behaves for one request. */
export type Turn = (response: ServerResponse, seen: Seen) => void;

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Turn =>
  (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-tt-logid': 'LOG1', ...headers })
      .end(JSON.stringify(body));
  };
export const ok = (data: unknown = {}): Turn => json({ code: 0, msg: 'success', data });
export const refuse = (code: number, status = 400, headers?: Record<string, string>): Turn =>
  json({ code, msg: 'refused' }, status, headers);
export const reset: Turn = (response) => void response.socket?.resetAndDestroy();
/** Never answers. */
export const silence: Turn = () => {};

/** A server in Feishu's place that takes one turn per request, in order; the last one stays. */
export async function openStandIn() {
  const seen: Seen[] = [];
  let turns: Turn[] = [];
  let arrived = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://stand-in');
      const entry = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      };
      seen.push(entry);
      const turn = turns.length > 1 ? turns.shift() : turns[0];
      turn?.(response, entry);
      arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    will(...next: Turn[]) {
      turns = next;
      seen.length = 0;
    },
    /** Resolves when a request has come in whole. */
    arrival: () => new Promise<void>((resolve) => (arrived = resolve)),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A clock for which every sleep is over at once; `slept` has their lengths. */
export class HastyClock extends FakeClock implements Clock {
  readonly slept: number[] = [];
  #elapsed = 0;

  override monotonic(): number {
    return this.#elapsed;
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.#elapsed += ms;
  }
}

export function testCredential(accessToken: string, change: Partial<Credential> = {}): Credential {
  return { accountId: 'a1', accessToken, brand: 'feishu', appId: 'cli_a', ...change };
}

/** A context that remembers what it was told. */
export function testContext(change: Partial<ToolContext> = {}) {
  const exchanges: Parameters<ToolContext['answered']>[0][] = [];
  const said: string[] = [];
  const context: ToolContext = {
    credential: testCredential('u-first'),
    renew: async () => testCredential('u-second'),
    signal: new AbortController().signal,
    answered: (exchange) => exchanges.push(exchange),
    say: (_, text) => said.push(text),
    ...change,
  };
  return { context, exchanges, said };
}
