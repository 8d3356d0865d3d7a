import type { FastifyReply } from 'fastify';
import { type Answer, Refusal, text, usualStatus } from './envelope.ts';
import type { InjectedFault } from './faults.ts';

const serverError = 2200;
const injected = 'injected fault';

/** Whether the request takes effect although a fault waits for its answer. */
export function takesEffect(fault: InjectedFault | undefined): boolean {
  return fault === undefined || fault.when === 'after' || ['delay', 'drip', 'truncate'].includes(fault.kind);
}

type Refuse = (refusal: Refusal) => Answer;

const replacements: Partial<Record<InjectedFault['kind'], (fault: InjectedFault, refuse: Refuse) => Answer>> = {
  code: ({ code = serverError, msg = injected, status = usualStatus(code) }, refuse) =>
    refuse(new Refusal(code, msg, { status })),
  status: ({ code = serverError, msg = injected, status = 500 }, refuse) => refuse(new Refusal(code, msg, { status })),
  rate: ({ code = 99_991_400, msg = 'request trigger frequency limit', status = 429, resetSeconds }, refuse) => {
    const headers = { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': String(resetSeconds) };
    return refuse(new Refusal(code, msg, { status, headers }));
  },
  html: ({ status = 502 }) =>
    text('<!doctype html><title>Blocked</title><h1>Request blocked</h1>', status, 'text/html; charset=utf-8'),
  redirect: ({ status = 302, location }) => ({ status, code: null, headers: { location }, body: '' }),
};

/** The answer that a fault puts in place of the true one, if it is of that kind. */
export function replacement(fault: InjectedFault, refuse: Refuse): Answer | undefined {
  return replacements[fault.kind]?.(fault, refuse);
}

/** Ends the connection without an answer: `reset` with a TCP RST, `disconnect` in good order. */
export function cut(reply: FastifyReply, kind: InjectedFault['kind'] | undefined): void {
  reply.hijack();
  const { socket } = reply.raw;
  if (kind === 'disconnect') socket?.destroy();
  else socket?.resetAndDestroy();
}

/** Promises the whole body and sends half of it. */
export function truncate(reply: FastifyReply, answer: Answer): void {
  reply.hijack();
  const body = Buffer.from(answer.body);
  reply.raw.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy());
}

/** Sends the body one byte at a time. */
export async function drip(reply: FastifyReply, answer: Answer, pause: () => Promise<void>): Promise<void> {
  reply.hijack();
  const body = Buffer.from(answer.body);
  reply.raw.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  for (const byte of body) {
    if (reply.raw.destroyed) return;
    reply.raw.write(Buffer.of(byte));
    await pause();
  }
  reply.raw.end();
}
