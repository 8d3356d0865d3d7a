import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { FaultCode } from '../../../src-main/contract/fault-codes.ts';
import { asLoginFault } from '../../../src-main/tokens/login-words.ts';
import { consentOf, isOver, type Move, moves, newLogin, stepsOf } from '../../../src-main/tokens/login.ts';

const login = newLogin({
  id: 'login_1',
  way: 'device',
  steps: stepsOf('create_app', 2),
  brand: 'feishu',
  appId: null,
  accountId: null,
  scopes: ['offline_access'],
  startedAt: 0,
});

const link = { url: 'https://feishu.example/device', userCode: 'ABCD', expiresAt: 1000 };
const move: fc.Arbitrary<Move> = fc.constantFrom(
  moves.showLink(link),
  moves.note({ zh: '稍候', en: 'wait' }),
  moves.note(null),
  moves.advance({ appId: 'cli_a' }),
  moves.finish('acc_1'),
  moves.fail(new Fault('login_denied').toBody()),
  moves.fail(new Fault('login_canceled').toBody()),
);

test('an attempt that is over stays as it ended, and shows no link any more', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 12 }), (all) => {
      let now = login;
      for (const one of all) {
        const next = one(now);
        if (isOver(now)) expect(next).toEqual(now);
        if (isOver(next))
          expect([next.url, next.userCode, next.expiresAt, next.note]).toEqual([null, null, null, null]);
        expect(next.fault !== null).toBe(next.state === 'failed' || next.state === 'canceled');
        now = next;
      }
    }),
  );
});

test('a confirmed step takes its link away, and the next consent is the next lot of scopes', () => {
  const created = moves.advance({ appId: 'cli_a' })(moves.showLink(link)(login));
  expect(created).toMatchObject({ state: 'starting', step: 1, url: null, appId: 'cli_a' });
  expect([login, created, moves.advance({})(created)].map(consentOf)).toEqual([0, 0, 1]);
});

test.each<[FaultCode, FaultCode]>([
  ['app_credentials', 'app_credentials'],
  ['app_unavailable', 'app_unavailable'],
  ['app_scope_required', 'app_scope_required'],
  ['login_denied', 'login_denied'],
  ['account_mismatch', 'account_mismatch'],
  ['upstream_refused', 'login_failed'],
  ['timeout', 'login_failed'],
  ['internal', 'login_failed'],
])('%s is shown as %s, in its own words and with Feishu’s code', (code, shown) => {
  const fault = asLoginFault(new Fault(code, { details: { code: 20010 } }), login);
  expect([fault.code, fault.words, fault.details]).toEqual([shown, new Fault(code).words, { code: 20010 }]);
});

test.each<FaultCode>(['login_denied', 'login_expired', 'login_canceled', 'account_mismatch'])(
  '%s after a confirmed step does not claim that nothing was stored',
  (code) => {
    expect(new Fault(code).words.en).toMatch(/nothing was stored/i);
    const { words } = asLoginFault(new Fault(code), { ...login, step: 1 });
    expect([words.en, words.zh]).toEqual([
      expect.not.stringMatching(/nothing was/i),
      expect.not.stringContaining('没有保存任何'),
    ]);
  },
);
