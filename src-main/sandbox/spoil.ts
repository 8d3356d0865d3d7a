import type { FastifyReply } from 'fastify';
import { type Answer, Refusal, text, usualStatus } from './envelope.ts';
import type { InjectedFault } from './faults.ts';

/** Whether the request takes effect although a fault waits for its answer. */
export function takesEffect(fault: InjectedFault | undefined): boolean {
  return fault === undefined || fault.when === 'after' || ['delay', 'drip', 'truncate'].includes(fault.kind);
}

/** The answer that a fault puts in place of the true one, if it is of that kind. */
export function replacement(fault: InjectedFault, refuse: (refusal: Refusal) => Answer): Answer | undefined {
  switch (fault.kind) {
    case 'code': {
      const code = fault.code ?? 2200;
      return refuse(new Refusal(code, fault.msg ?? 'injected fault', { status: fault.status ?? usualStatus(code) }));
    }
    case 'status':
      return refuse(new Refusal(fault.code ?? 2200, fault.msg ?? 'injected fault', { status: fault.status ?? 500 }));
    case 'rate':
      return refuse(new Refusal(fault.code ?? 99_991_400, fault.msg ?? 'request trigger frequency limit', rateOptions(fault)));
    case 'html':
      return text('<!doctype html><title>Blocked</title><h1>Request blocked</h1>', fault.status ?? 502, 'text/html; charset=utf-8');
    case 'redirect':
      return { status: fault.status ?? 302, code: null, headers: { location: fault.location }, body: '' };
    default:
      return undefined;
  }
}

function rateOptions(fault: InjectedFault) {
  return {
    status: fault.status ?? 429,
    headers: { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': String(fault.resetSeconds) },
  };
}

/** Ends the connection without an answer: `reset` with a TCP RST, `disconnect` in good order. */
export function cut(reply: FastifyReply, kind: 'reset' | 'disconnect'): void {
  reply.hijack();
  const { socket } = reply.raw;
  if (kind === 'reset') socket?.resetAndDestroy();
  else socket?.destroy();
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
