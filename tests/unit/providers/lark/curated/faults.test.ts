import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultCode } from '../../../../../src-main/contract/fault-codes.ts';
import { HastyClock } from '../stand-in.ts';
import { useCurated } from './curated-bench.ts';

const clock = new HastyClock();
const bench = useCurated({ clock });

const canary = 'CANARY-6f1c2a34';
const tools = [
  { kind: 'read', name: 'lark_im_messages_search', input: { query: canary }, path: '/open-apis/im/v1/messages/search' },
  { kind: 'write', name: 'lark_docs_create', input: { title: canary }, path: '/open-apis/docx/v1/documents' },
];

/** What Feishu refuses a call with, and what comes of it (the codes that a gateway must handle). */
const refusals: [code: number, status: number, fault: FaultCode][] = [
  [99_991_661, 400, 'sign_in_again'],
  [99_991_663, 400, 'sign_in_again'],
  [99_991_668, 400, 'sign_in_again'],
  [99_991_669, 400, 'sign_in_again'],
  [99_991_671, 400, 'sign_in_again'],
  [99_991_677, 401, 'sign_in_again'],
  [99_991_676, 400, 'scope_required'],
  [99_991_679, 400, 'scope_required'],
  [230_027, 400, 'scope_required'],
  [99_991_672, 400, 'app_scope_required'],
  [99_991_543, 400, 'app_credentials'],
  [99_991_662, 400, 'app_unavailable'],
  [99_991_673, 400, 'app_unavailable'],
  [99_991_400, 429, 'upstream_busy'],
  [99_991_400, 400, 'upstream_busy'],
  [99_991_403, 400, 'quota_exhausted'],
  [99_991_401, 400, 'upstream_refused'],
  [99_992_351, 400, 'upstream_refused'],
  [99_992_361, 400, 'upstream_refused'],
  [99_992_402, 400, 'upstream_refused'],
  [11_232, 400, 'upstream_busy'],
  [11_233, 400, 'upstream_busy'],
  [11_247, 400, 'upstream_busy'],
  [230_020, 400, 'upstream_busy'],
  [1_000_004, 400, 'upstream_busy'],
  [1_000_005, 400, 'upstream_busy'],
  [131_009, 400, 'upstream_busy'],
  [1_061_045, 400, 'upstream_busy'],
  [1_254_040, 200, 'upstream_refused'],
  [1_064_510, 400, 'upstream_refused'],
  [1_064_511, 400, 'upstream_refused'],
  [1_063_006, 400, 'upstream_refused'],
  [1_310_201, 400, 'upstream_refused'],
  [1_310_246, 400, 'upstream_refused'],
  [2_091_003, 400, 'upstream_refused'],
  [2_091_005, 400, 'upstream_refused'],
  [230_011, 400, 'upstream_refused'],
  [231_003, 400, 'upstream_refused'],
];

/** Feishu failed: a read is tried again, and of a write nobody knows. */
const failures = [2200, 5000, 1500, 1663];

beforeEach(async () => {
  await bench.calm();
  await bench.forget();
});

const count = async (path: string) => (await bench.asked(path)).length;

describe.each(tools)('a $kind ($name)', ({ kind, name, input, path }) => {
  test.each(refusals)('that Feishu refuses with %i (HTTP %i) ends in %s', async (code, status, expected) => {
    await bench.spoil({ path, kind: 'code', code, status, times: 50 });
    const fault = await bench.refused(name, input);
    expect(fault.code).toBe(expected);
    expect(fault.details).toMatchObject({ code, logId: expect.any(String) });
    expect(JSON.stringify(fault.toBody())).not.toContain(canary);
  });

  test.each(failures)('that Feishu fails at with %i is repeated only when nothing can be done twice', async (code) => {
    await bench.spoil({ path, kind: 'code', code, status: 500, times: 50 });
    const fault = await bench.refused(name, input);
    expect(fault.code).toBe(kind === 'read' ? 'upstream_failed' : 'outcome_unknown');
    expect(await count(path)).toBe(kind === 'read' ? 3 : 1);
  });

  test.each([
    [
      'a page instead of an answer',
      { kind: 'html', status: 200 },
      { read: 'upstream_broken', write: 'outcome_unknown' },
    ],
    ['a proxy’s error page', { kind: 'html', status: 502 }, { read: 'upstream_failed', write: 'outcome_unknown' }],
    [
      'an address that is not there',
      { kind: 'html', status: 404 },
      { read: 'upstream_broken', write: 'upstream_broken' },
    ],
    ['a redirect to another host', { kind: 'redirect' }, { read: 'redirect_refused', write: 'redirect_refused' }],
    ['a connection that breaks', { kind: 'reset' }, { read: 'upstream_unreachable', write: 'outcome_unknown' }],
    ['half an answer', { kind: 'truncate' }, { read: 'upstream_unreachable', write: 'outcome_unknown' }],
  ])('that meets %s says so', async (_, spoiled, expected) => {
    await bench.spoil({ path, times: 50, ...spoiled });
    expect(await bench.refused(name, input)).toMatchObject({ code: kind === 'read' ? expected.read : expected.write });
  });

  test('works after one renewal, or a wait, or a failure that had no effect', async () => {
    for (const code of [99_991_668, 99_991_677, 99_991_400, 131_009]) {
      await bench.spoil({ path, kind: 'code', code });
      await bench.call(name, input);
    }
    await bench.spoil({ path, kind: 'rate', resetSeconds: 3 });
    await bench.call(name, input);
    expect(clock.slept).toContain(3000);
  });

  test('without permission names the permissions of which one is enough', async () => {
    const { access_token: accessToken } = await bench.client.signIn({
      person: 'zhang.weiming',
      scope: 'offline_access',
    });
    const credential = { accountId: 'a', accessToken, brand: 'feishu' as const, appId: 'cli_a' };
    const fault = await bench.callWith(name, input, { credential }).catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ code: 'scope_required' });
    expect(fault).toMatchObject({
      details: { anyOf: expect.arrayContaining([kind === 'read' ? 'search:message' : 'docx:document:create']) },
    });
  });
});
