import { describe, expect, it } from 'vitest';
import { controlInputs } from '../../../src-main/contract/control.ts';
import type { LoginView } from '../../../src-main/contract/views.ts';
import { canBeScanned, loginsToShow, retryOf } from '../../../src-renderer/login-steps.ts';
import { sampleLogin } from '../../helpers/sample-views.ts';

const appId = 'cli_a1b2c3d4e5f60708';
const scopes = ['offline_access', 'im:message'];

describe('trying a login again', () => {
  const twoSteps: LoginView['steps'] = ['create_app', 'sign_in'];
  it.each<[string, Partial<LoginView>, ReturnType<typeof retryOf>]>([
    [
      'creates the app, when there is none yet',
      { steps: twoSteps, appId: null, brand: 'lark' },
      { method: 'createApp', input: { brand: 'lark' } },
    ],
    [
      'does not create a second app when only the sign-in failed',
      { steps: twoSteps, step: 1 },
      { method: 'login', input: { way: 'device', appId } },
    ],
    ['goes the same way', { way: 'browser' }, { method: 'login', input: { way: 'browser', appId } }],
    [
      'is for the same person and the same permissions',
      { accountId: 'acc_1' },
      { method: 'login', input: { way: 'device', appId, accountId: 'acc_1', scopes } },
    ],
    [
      'enables permissions first, when that had failed',
      { steps: ['extend_app', 'sign_in'], accountId: 'acc_1' },
      { method: 'extendApp', input: { appId, accountId: 'acc_1', scopes } },
    ],
    [
      'does not enable them twice',
      { steps: ['extend_app', 'sign_in'], step: 1, accountId: 'acc_1' },
      { method: 'login', input: { way: 'device', appId, accountId: 'acc_1', scopes } },
    ],
  ])('%s', (_what, change, expected) => {
    const again = retryOf(sampleLogin({ state: 'failed', ...change }));
    expect(again).toEqual(expected);
    expect(controlInputs[again.method].safeParse(again.input).success).toBe(true);
  });
});

it('a new app keeps the name that it was to have when it is tried again', () => {
  const failed = sampleLogin({ state: 'failed', steps: ['create_app', 'sign_in'], appId: null });
  expect(retryOf(failed, 'Mine')).toEqual({ method: 'createApp', input: { brand: 'feishu', name: 'Mine' } });
});

describe('the logins that a page shows', () => {
  const logins = [
    sampleLogin({ id: 'old', state: 'failed', startedAt: 1 }),
    sampleLogin({ id: 'waiting', startedAt: 2 }),
    sampleLogin({ id: 'mine', state: 'done', startedAt: 3 }),
    sampleLogin({ id: 'newest', state: 'starting', startedAt: 4 }),
  ];
  const ids = (chosen: string | null) => loginsToShow(logins, chosen).map(({ id }) => id);

  it('are those under way, also after a reload that forgot which one it was', () => {
    expect(ids(null)).toEqual(['newest', 'waiting']);
  });

  it('begin with the one it was led to, even when that is over', () => {
    expect(ids('mine')).toEqual(['mine', 'newest', 'waiting']);
    expect(ids('waiting')).toEqual(['waiting', 'newest']);
  });
});

describe('a QR code', () => {
  it('is shown for what a phone can open, and not for what only this computer can', () => {
    expect(canBeScanned(sampleLogin())).toBe(true);
    expect(canBeScanned(sampleLogin({ way: 'browser' }))).toBe(false);
    expect(canBeScanned(sampleLogin({ way: 'browser', steps: ['extend_app', 'sign_in'] }))).toBe(true);
  });
});
