import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import { type Signer, equalTexts } from '../base/signer.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { Control } from '../control/control.ts';
import { parseBody } from '../gateway/messages.ts';
import { cookie, cookieHeader } from './cookies.ts';
import { dashboardCookieName, dashboardCookieValue, isDashboardCookie } from './dashboard-cookie.ts';
import { header, toFault } from './error-form.ts';
import { bodyOf } from './mcp-routes.ts';
import { NodeReply } from './node-reply.ts';
import type { OpenStreams } from './open-streams.ts';

export interface ControlRouteParts {
  clock: Clock;
  bus: EventBus;
  signer: Signer;
  control: Control;
  streams: OpenStreams;
  queueBytes: number;
}

const cookieSeconds = 30 * 24 * 3600;

/** Single-use tickets that let a browser in. */
export class Tickets {
  readonly #clock: Clock;
  #open: { ticket: string; until: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(): string {
    const ticket = randomBytes(32).toString('base64url');
    this.#open.push({ ticket, until: this.#clock.now() + 12 * 3600_000 });
    // Each start and each opened window makes one; the oldest unused ones fall away.
    this.#open = this.#open.slice(-16);
    return ticket;
  }

  redeem(ticket: string): boolean {
    const found = this.#open.find((open) => equalTexts(open.ticket, ticket));
    if (!found) return false;
    this.#open = this.#open.filter((open) => open !== found);
    return found.until > this.#clock.now();
  }
}

/** The control API for the dashboard: a cookie that only a one-time link gives, nothing else. */
export function controlRoutes(app: FastifyInstance, tickets: Tickets, parts: ControlRouteParts): void {
  app.get('/dashboard/enter', async (request, reply) => {
    const { ticket } = z.object({ ticket: z.string() }).catch({ ticket: '' }).parse(request.query);
    if (tickets.redeem(ticket)) {
      const value = dashboardCookieValue(parts.signer, parts.clock.now() + cookieSeconds * 1000);
      reply.header(
        'set-cookie',
        cookieHeader(dashboardCookieName, value, { sameSite: 'Strict', path: '/', seconds: cookieSeconds }),
      );
    }
    return reply
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .redirect('/dashboard/', 303);
  });
  app.post('/control/:method', (request, reply) => answer(request, reply, parts));
  app.get('/control/events', (request, reply) => follow(request, reply, parts));
  app.get('/control/export', (request, reply) => download(request, reply, parts));
}

async function answer(request: FastifyRequest, reply: FastifyReply, parts: ControlRouteParts): Promise<FastifyReply> {
  try {
    requireCookie(request, parts);
    const { method } = z.object({ method: z.string() }).parse(request.params);
    const output = await parts.control.call(method, parseBody(bodyOf(request)));
    return reply.header('cache-control', 'no-store').send(output);
  } catch (thrown) {
    const fault = toFault(thrown);
    return reply.code(fault.kind.http).header('cache-control', 'no-store').send({ fault: fault.toBody() });
  }
}

/** A file for a person. It is made as fast as it is taken, so the whole of it is never in memory. */
function download(request: FastifyRequest, reply: FastifyReply, parts: ControlRouteParts): FastifyReply {
  requireCookie(request, parts);
  const { filename, contentType, pieces } = parts.control.exportCalls(request.query);
  return reply
    .header('content-type', contentType)
    .header('content-disposition', `attachment; filename="${filename}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(Readable.from(pieces, { highWaterMark: 1 }));
}

/** Events since an id, then as they happen. A gap ends the stream at once: the page takes a new snapshot. */
async function follow(request: FastifyRequest, reply: FastifyReply, parts: ControlRouteParts): Promise<FastifyReply> {
  requireCookie(request, parts);
  const query = z.object({ since: z.coerce.number().catch(Number.NaN) }).parse(request.query);
  const lastEventId = Number(header(request, 'last-event-id') ?? Number.NaN);
  const missed = parts.bus.since(Number.isNaN(lastEventId) ? query.since : lastEventId);
  reply.hijack();
  const stream = new NodeReply(reply.raw, {});
  const sink = stream.stream();
  if (!missed) {
    sink.write('event: gap\ndata: {}\n\n');
    sink.end();
    return reply;
  }
  const send = (event: StampedEvent) => {
    if (sink.waiting > parts.queueBytes) sink.destroy();
    else sink.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  sink.write('retry: 1000\n\n');
  for (const event of missed) send(event);
  const unsubscribe = parts.bus.subscribe(send);
  parts.streams.add(sink);
  stream.onGone(() => {
    unsubscribe();
    parts.streams.remove(sink);
  });
  return reply;
}

function requireCookie(request: FastifyRequest, { signer, clock }: ControlRouteParts): void {
  // Browsers say where a request comes from; what another site sends is refused even with the cookie.
  const site = header(request, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Fault('origin_refused');
  if (!isDashboardCookie(signer, cookie(request, dashboardCookieName) ?? '', clock.now()))
    throw new Fault('key_required', { words: openTheLink });
}

const openTheLink = {
  zh: '请用 LarkGate 给出的一次性链接打开控制台。',
  en: 'Open the dashboard by the one-time link that LarkGate shows.',
};
