import { expect, test } from 'vitest';
import { plainLabel } from '../../../src-main/shell/plain-label.ts';
import { tidingsBetween } from '../../../src-main/shell/tidings.ts';
import { timeLeft } from '../../../src-main/shell/time-left.ts';
import { statusOf, trayFaceOf } from '../../../src-main/shell/tray-face.ts';
import { type TrayActs, type TrayFacts, trayMenu } from '../../../src-main/shell/tray-menu.ts';
import { firstTrayState, type TrayChange, type TrayState, trayStateAfter } from '../../../src-main/shell/tray-state.ts';
import { sampleAccount, sampleCall, sampleNotice, sampleSession } from '../../helpers/sample-views.ts';

const after = (...changes: TrayChange[]): TrayState => changes.reduce(trayStateAfter, firstTrayState);
const started = (facts: Partial<Pick<TrayState, 'accounts' | 'sessions' | 'notices'>> = {}): TrayChange => ({
  kind: 'gateway.started',
  facts: { paused: false, accounts: [sampleAccount()], sessions: [], notices: [], ...facts },
});
const why = { zh: '端口已被占用。', en: 'The port is taken.' };

test('the icon tells the truth about every state', () => {
  const lost = sampleAccount({ state: 'sign_in_needed' });
  const table: [TrayState, string, string][] = [
    [firstTrayState, 'starting', 'Starting'],
    [after(started()), 'ready', 'Running'],
    [after(started({ accounts: [] })), 'attention', 'Nobody is signed in to Feishu'],
    [after(started(), { kind: 'account.changed', account: lost }), 'attention', `${lost.name} must sign in again`],
    [after(started(), { kind: 'account.removed', accountId: lost.id }), 'attention', 'Nobody is signed in to Feishu'],
    [
      after(started(), { kind: 'notice.raised', notice: sampleNotice({ level: 'error' }) }),
      'attention',
      sampleNotice().words.en,
    ],
    [after(started(), { kind: 'notice.raised', notice: sampleNotice({ level: 'info' }) }), 'ready', 'Running'],
    [after(started(), { kind: 'paused.changed', paused: true }), 'paused', 'Paused: every call is refused'],
    [after(started(), { kind: 'gateway.stopped', why }), 'stopped', 'Stopped: The port is taken.'],
  ];
  for (const [state, face, words] of table) expect([trayFaceOf(state), statusOf(state).en]).toEqual([face, words]);
});

test('a stopped gateway shows nothing of what was true before', () => {
  const state = after(started({ sessions: [sampleSession()] }), { kind: 'gateway.stopped', why });
  expect([state.accounts, state.sessions]).toEqual([[], []]);
});

test('what does not show in a tray does not redraw it', () => {
  const state = after(started());
  expect(trayStateAfter(state, { kind: 'call.finished', call: sampleCall() })).toBe(state);
});

test('time left is said in its two largest units', () => {
  const minute = 60_000;
  const cases: [number, string, string][] = [
    [-1, '已过期', 'expired'],
    [59_999, '不到 1 分钟', 'less than a minute'],
    [minute, '1 分钟', '1 min'],
    [112 * minute, '1 小时 52 分', '1 h 52 min'],
    [120 * minute, '2 小时', '2 h'],
    [(6 * 24 + 3) * 60 * minute, '6 天 3 小时', '6 d 3 h'],
  ];
  for (const [ms, zh, en] of cases) expect(timeLeft(ms)).toEqual({ zh, en });
});

test('a name can neither steer the menu nor hide in it', () => {
  expect(plainLabel('R&D\u202E\u0007 team\n  x')).toBe('R&&D team x');
  expect(plainLabel('字'.repeat(100), 10)).toBe(`${'字'.repeat(9)}…`);
});

const noActs: TrayActs = {
  signIn: () => {},
  signOut: () => {},
  makeDefault: () => {},
  copyAddress: () => {},
  copyConfiguration: () => {},
  pause: () => {},
  startAgain: () => {},
  open: () => {},
  startAtLogin: () => {},
  change: () => {},
  installUpdate: () => {},
  quit: () => {},
};

const facts = (change: Partial<TrayFacts>): TrayFacts => ({
  state: after(started()),
  settings: {
    language: 'system',
    closeToTray: true,
    signInWith: 'window',
    updates: false,
    plainKeyAccepted: false,
    window: null,
  },
  language: 'en',
  now: 0,
  startsAtLogin: false,
  canUpdate: false,
  update: null,
  ...change,
});

const labels = (change: Partial<TrayFacts>) => trayMenu(facts(change), noActs).flatMap(({ label }) => label ?? []);

test('the menu offers what makes sense in each state', () => {
  expect(labels({ state: firstTrayState })).toEqual(['LarkGate · Starting', 'Open LarkGate', 'Settings', 'Quit']);
  expect(labels({ state: after({ kind: 'gateway.stopped', why }) })).toEqual([
    'LarkGate · Stopped: The port is taken.',
    'Start the gateway again',
    'Open LarkGate',
    'Settings',
    'Quit',
  ]);
  expect(labels({})).toContain('Pause');
  expect(labels({ state: after(started(), { kind: 'paused.changed', paused: true }) })).toContain('Resume');
  expect(labels({ update: '1.2.3' })).toContain('Restart to update to 1.2.3');
});

test('every text of the menu is there in both languages', () => {
  const state = after(started({ sessions: [sampleSession()] }));
  const zh = labels({ state, language: 'zh', update: '1.0.0' });
  const en = labels({ state, language: 'en', update: '1.0.0' });
  expect(zh).toHaveLength(en.length);
  expect(zh.filter((label) => !/\p{Script=Han}/u.test(label))).toEqual([]);
  expect(en.slice(2).filter((label) => /\p{Script=Han}/u.test(label))).toEqual([]);
});

test('a pasted token is not offered a sign-in, for it cannot be renewed', () => {
  const account = sampleAccount({ name: 'Pasted', state: 'manual', way: 'token', refreshExpiresAt: null });
  const menu = trayMenu(facts({ state: after(started({ accounts: [account] })) }), noActs);
  const item = menu.find(({ id }) => id === account.id);
  expect(item?.label).toContain('cannot be renewed');
  expect(JSON.stringify(item?.submenu)).not.toContain('Sign in again');
});

test('a lost sign-in is told once, again after it was mended and lost again', () => {
  const lost = sampleAccount({ state: 'sign_in_needed' });
  const [good, bad] = [after(started()), after(started({ accounts: [lost] }))];
  expect(tidingsBetween(good, bad).map(({ accountId }) => accountId)).toEqual([lost.id]);
  expect(tidingsBetween(bad, bad)).toEqual([]);
  expect(tidingsBetween(firstTrayState, bad)).toHaveLength(1);
});
