import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import type { AccountView } from '../../../src-main/contract/views.ts';
import { Metrics } from '../../../src-main/control/metrics.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runningCall, sampleAccount, sampleCall, sampleHit, sampleSession } from '../../helpers/sample-views.ts';

let bus: EventBus;
let notices: Notices;
let accounts: AccountView[];
let metrics: Metrics;

beforeEach(() => {
  const clock = new FakeClock();
  bus = new EventBus(clock, {
    onError: (error) => {
      throw error;
    },
  });
  notices = new Notices(bus, () => clock.now());
  accounts = [];
  metrics = new Metrics({ bus, version: '1.2.3', notices, accounts: { list: () => accounts } });
});

afterEach(() => metrics.close());

/** The lines of one metric, without its HELP and TYPE. */
async function lines(name: string): Promise<string[]> {
  return (await metrics.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function run(change: Parameters<typeof sampleCall>[0]): void {
  bus.publish({ kind: 'call.started', call: runningCall(change) });
  bus.publish({ kind: 'call.finished', call: sampleCall(change) });
}

describe('metrics', () => {
  it('count connections by transport, whatever order sessions come, go and come back in', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession({ id: 'a' }) });
    bus.publish({ kind: 'session.opened', session: sampleSession({ id: 'b', transport: 'sse' }) });
    bus.publish({ kind: 'session.resumed', session: sampleSession({ id: 'a' }) });
    bus.publish({ kind: 'session.closed', sessionId: 'b', reason: 'client' });
    bus.publish({ kind: 'session.closed', sessionId: 'b', reason: 'gone' });
    expect(await lines('larkgate_connections')).toEqual([
      'larkgate_connections{transport="streamable-http"} 1',
      'larkgate_connections{transport="sse"} 0',
    ]);
  });

  it('count calls by tool and outcome, with their latency', async () => {
    run({ ms: 84 });
    run({ ms: 2000, outcome: 'error' });
    bus.publish({ kind: 'call.started', call: runningCall() });
    expect(await lines('larkgate_calls_total')).toEqual([
      'larkgate_calls_total{tool="im_v1_message_list",outcome="ok"} 1',
      'larkgate_calls_total{tool="im_v1_message_list",outcome="error"} 1',
    ]);
    expect(await lines('larkgate_calls_running')).toEqual(['larkgate_calls_running 1']);
    const buckets = await lines('larkgate_call_duration_seconds_bucket');
    expect(buckets).toContain('larkgate_call_duration_seconds_bucket{le="0.1",tool="im_v1_message_list"} 1');
    expect(buckets).toContain('larkgate_call_duration_seconds_bucket{le="2.5",tool="im_v1_message_list"} 2');
  });

  it('stay few when a client makes up tool names', async () => {
    for (let call = 0; call < 500; call += 1) run({ tool: `made_up_${call}"}\n`, provider: null, outcome: 'error' });
    expect(await lines('larkgate_calls_total')).toEqual(['larkgate_calls_total{tool="unknown",outcome="error"} 500']);
    expect(await metrics.text()).not.toContain('made_up');
  });

  it('count limit hits, upstream answers and refreshes by kind', async () => {
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind: 'address' }) });
    for (const status of [200, 204, 404, 503, 0])
      bus.publish({ kind: 'upstream.answered', provider: 'lark', status, ms: 12 });
    bus.publish({ kind: 'token.renewal', accountId: 'acc_1', outcome: 'renewed', code: null, ms: 90 });
    bus.publish({ kind: 'token.renewal', accountId: 'acc_1', outcome: 'failed', code: 20050, ms: 90 });
    expect(await lines('larkgate_limit_hits_total')).toEqual([
      'larkgate_limit_hits_total{kind="session"} 1',
      'larkgate_limit_hits_total{kind="address"} 1',
    ]);
    expect(await lines('larkgate_upstream_answers_total')).toEqual([
      'larkgate_upstream_answers_total{provider="lark",status="2xx"} 2',
      'larkgate_upstream_answers_total{provider="lark",status="4xx"} 1',
      'larkgate_upstream_answers_total{provider="lark",status="5xx"} 1',
      'larkgate_upstream_answers_total{provider="lark",status="none"} 1',
    ]);
    expect(await lines('larkgate_token_refreshes_total')).toEqual([
      'larkgate_token_refreshes_total{outcome="renewed"} 1',
      'larkgate_token_refreshes_total{outcome="failed"} 1',
    ]);
  });

  it('say what stands now: notices and people who must sign in, also those of before the start', async () => {
    accounts = [sampleAccount({ state: 'sign_in_needed' }), sampleAccount({ id: 'acc_2' })];
    notices.raise('a', 'error', { zh: '', en: '' });
    notices.raise('b', 'warning', { zh: '', en: '' });
    notices.clear('b');
    expect(await lines('larkgate_accounts_sign_in_needed')).toEqual(['larkgate_accounts_sign_in_needed 1']);
    expect(await lines('larkgate_notices')).toEqual([
      'larkgate_notices{level="info"} 0',
      'larkgate_notices{level="warning"} 0',
      'larkgate_notices{level="error"} 1',
    ]);
  });

  it('name the build and bring the usual facts of the process', async () => {
    expect(await lines('larkgate_build_info')).toEqual([
      `larkgate_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]);
    expect(await lines('process_resident_memory_bytes')).toHaveLength(1);
  });

  it('carry nothing that names a person or a session', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession() });
    bus.publish({ kind: 'account.changed', account: sampleAccount() });
    run({});
    expect(await metrics.text()).not.toMatch(/acc_1|ses_0|key_1|call_1|Cherry|林小满/);
  });
});
