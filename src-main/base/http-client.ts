import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, type FormData } from 'undici';
import type { Clock } from './clock.ts';
import { Fault } from './fault.ts';
import { IncomingAnswer } from './incoming-answer.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers?: Record<string, string>;
  body?: string | Uint8Array | FormData;
  /** The whole exchange, headers and body, must be over by then. */
  deadlineMs: number;
  /** Larger answers end in `answer_too_large`. */
  maxBytes: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names; the last value of a repeated header. */
  headers: Record<string, string>;
  body: Buffer;
  ms: number;
}

/**
 * One exchange with an upstream. Rejects with a Fault: `timeout`, `canceled`, `upstream_unreachable` (its details say
 * whether the request may have arrived: `sent`), `redirect_refused`, `answer_too_large`. Any HTTP status is an answer.
 */
export type HttpClient = ((request: HttpRequest) => Promise<HttpAnswer>) & { close(): Promise<void> };

export interface HttpClientOptions {
  clock: Clock;
  proxyFromEnvironment?: boolean;
  extraCa?: string | undefined;
}

/**
 * The one way out. Connections are kept alive; redirects are never followed, so a token cannot travel to another host;
 * proxies come from the environment, and loopback never goes through one.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const settings: Agent.Options = {
    keepAliveTimeout: 30_000,
    connections: 128,
    connect: {
      timeout: 10_000,
      ...(options.extraCa && { ca: [...rootCertificates, readFileSync(options.extraCa, 'utf8')] }),
    },
  };
  const direct = new Agent(settings);
  const outside = options.proxyFromEnvironment ? new EnvHttpProxyAgent(settings) : direct;
  const send = async (request: HttpRequest): Promise<HttpAnswer> =>
    exchange(isLoopback(request.url.hostname) ? direct : outside, request, options.clock);
  return Object.assign(send, {
    close: async () => {
      await Promise.all([direct.destroy(), outside === direct ? undefined : outside.destroy()]);
    },
  });
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

async function exchange(dispatcher: Dispatcher, request: HttpRequest, clock: Clock): Promise<HttpAnswer> {
  const { url, headers, body, deadlineMs, signal } = request;
  if (signal?.aborted) throw new Fault('canceled', { cause: signal.reason });
  const started = clock.monotonic();
  const answer = new IncomingAnswer(request.maxBytes);
  const disarm = clock.after(deadlineMs, () => answer.stop(new Fault('timeout', { details: { afterMs: deadlineMs } })));
  const cancel = () => answer.stop(new Fault('canceled', { cause: signal?.reason }));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
        // One deadline rules the exchange; undici's own two would only differ from it.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      answer,
    );
    return { ...(await answer.whole), ms: clock.monotonic() - started };
  } catch (error) {
    throw networkFault(error, request);
  } finally {
    disarm();
    signal?.removeEventListener('abort', cancel);
  }
}

function networkFault(error: unknown, request: HttpRequest): Fault {
  if (error instanceof Fault) return error;
  // The host is said, the path and query are not: they may carry what a person wrote.
  return new Fault('upstream_unreachable', {
    cause: error,
    details: { host: request.url.host, sent: !neverSent(error), reason: errorCode(error) },
  });
}

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function neverSent(error: unknown): boolean {
  return (
    beforeSending.has(errorCode(error)) || errorCode(error).startsWith('ERR_TLS') || errorCode(error).includes('CERT')
  );
}

function errorCode(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'UNKNOWN';
}
