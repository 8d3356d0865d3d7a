import { Writable } from 'node:stream';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { GatewayEvent } from '../../../src-main/contract/events.ts';
import { startCallLog } from '../../../src-main/control/call-log.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import {
  runningCall,
  sampleAccount,
  sampleCall,
  sampleHit,
  sampleNotice,
  sampleSession,
} from '../../helpers/sample-views.ts';

let bus: EventBus;
let lines: string[];
let stop: () => void;

beforeEach(() => {
  lines = [];
  const target = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  bus = new EventBus(new FakeClock());
  const options = { base: null, level: 'debug', formatters: { level: (level: string) => ({ level }) } };
  stop = startCallLog(bus, pino(options, target));
});

function logged(event: GatewayEvent): Record<string, unknown> {
  lines.length = 0;
  bus.publish(event);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

describe('the log of calls', () => {
  it('tells who called what, how it ended and how long it took', () => {
    expect(logged({ kind: 'call.finished', call: sampleCall() })).toMatchObject({
      level: 'info',
      event: 'call.finished',
      session: 'ses_000000000001',
      tool: 'im_v1_message_list',
      status: 'ok',
      ms: 84.5,
      upstream_ms: 80.25,
      args_sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      log_id: '20261102170000ABCDEF',
      fault: null,
    });
  });

  it('warns of what went wrong', () => {
    const failed = sampleCall({ outcome: 'error', fault: 'upstream_refused', upstreamCode: 230_002 });
    expect(logged({ kind: 'call.finished', call: failed })).toMatchObject({
      level: 'warn',
      status: 'error',
      fault: 'upstream_refused',
      upstream_code: 230_002,
    });
    expect(logged({ kind: 'limit.hit', hit: sampleHit() })).toMatchObject({ level: 'warn', limit: 'session' });
    const ended = sampleAccount({ state: 'sign_in_needed', reason: { zh: '过期', en: 'Expired.' } });
    expect(logged({ kind: 'account.changed', account: ended })).toMatchObject({ level: 'warn', reason: 'Expired.' });
    expect(logged({ kind: 'notice.raised', notice: sampleNotice({ level: 'error' }) })).toMatchObject({
      level: 'error',
    });
  });

  it('has one line for every kind of event', () => {
    const events: GatewayEvent[] = [
      { kind: 'session.opened', session: sampleSession() },
      { kind: 'session.resumed', session: sampleSession() },
      { kind: 'session.changed', session: sampleSession({ client: null }) },
      { kind: 'session.closed', sessionId: 'ses_1', reason: 'idle' },
      { kind: 'call.started', call: runningCall() },
      { kind: 'token.renewal', accountId: 'acc_1', outcome: 'failed', code: 20_050, ms: 31 },
      { kind: 'upstream.answered', provider: 'lark', status: 200, ms: 12 },
      { kind: 'limits.changed', limits: configSchema.parse({}).limits },
      { kind: 'account.removed', accountId: 'acc_1' },
      { kind: 'notice.cleared', noticeId: 'storage.failing' },
    ];
    for (const event of events) expect(logged(event)).toMatchObject({ event: event.kind, level: expect.any(String) });
  });

  it('does not tell the name of a person', () => {
    expect(JSON.stringify(logged({ kind: 'account.changed', account: sampleAccount() }))).not.toContain('林小满');
  });

  it('stays short whatever a client calls itself', () => {
    const long = 'x'.repeat(1_000_000);
    bus.publish({ kind: 'session.opened', session: sampleSession({ client: { name: long, version: long } }) });
    bus.publish({ kind: 'call.finished', call: sampleCall({ tool: long, client: long }) });
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ tool: long, method: long }) });
    for (const line of lines) expect(line.length).toBeLessThan(1500);
  });

  it('ends when it is stopped', () => {
    stop();
    bus.publish({ kind: 'call.finished', call: sampleCall() });
    expect(lines).toEqual([]);
  });
});
