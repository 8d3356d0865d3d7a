import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { pastedTokens } from '../../../src-main/tokens/pasted-token.ts';
import { person } from './fake-feishu.ts';
import { readEverything } from './open-accounts.ts';
import { faultOf, startLogins } from './open-logins.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 2, 9);

async function pasted() {
  const started = await startLogins();
  const { accessToken } = started.feishu.signIn(person('ada'));
  const account = await started.logins.addToken({ token: accessToken, brand: 'lark' });
  return { ...started, accessToken, account };
}

describe('a pasted token', () => {
  test('signs its person in for two hours, and says that it cannot be renewed', async () => {
    const { account, accounts, accessToken, clock } = await pasted();
    expect(account).toMatchObject({ name: 'ada', state: 'manual', way: 'token', appId: 'pasted', brand: 'lark' });
    expect(account).toMatchObject({
      refreshExpiresAt: null,
      accessExpiresAt: clock.now() + 2 * hour,
      missingScopes: [],
    });
    expect(account.reason?.zh).toContain('无法自动续期');
    expect(await accounts.credential(account.id)).toEqual({
      accountId: account.id,
      accessToken,
      brand: 'lark',
      appId: null,
    });
  });

  test('is never renewed, and is over after two hours, with what to do', async () => {
    const { account, accounts, feishu, clock } = await pasted();
    await clock.advance(2 * hour - 1);
    expect((await accounts.credential(account.id)).appId).toBeNull();
    await clock.advance(1);
    const fault = await faultOf(accounts.credential(account.id));
    expect([fault.code, fault.words.en]).toEqual(['sign_in_again', expect.stringContaining('Paste a new one')]);
    expect(accounts.get(account.id)?.state).toBe('sign_in_needed');
    expect(feishu.refreshes).toEqual([]);
  });

  test('works again when a new one is pasted', async () => {
    const { account, accounts, feishu, logins, clock } = await pasted();
    await clock.advance(2 * hour);
    const { accessToken } = feishu.signIn(person('ada'));
    expect(await logins.addToken({ token: accessToken, brand: 'lark' })).toMatchObject({
      id: account.id,
      state: 'manual',
    });
    expect((await accounts.credential(account.id)).accessToken).toBe(accessToken);
  });

  test('that Feishu no longer takes ends in "sign in again"; one that it still takes stays', async () => {
    const { account, accounts, accessToken, feishu } = await pasted();
    const credential = await accounts.credential(account.id);
    expect(await accounts.renew(credential)).toEqual(credential);
    expect(accounts.get(account.id)?.state).toBe('manual');
    await feishu.issuer('pasted').revoke(accessToken);
    expect((await faultOf(accounts.renew(credential))).code).toBe('sign_in_again');
    expect(accounts.get(account.id)).toMatchObject({ state: 'sign_in_needed' });
  });

  test('that cannot be checked just now stays', async () => {
    const { account, accounts, feishu } = await pasted();
    const plain = feishu.issuer;
    const off = new Fault('upstream_unreachable');
    feishu.issuer = (app) => ({ ...plain(app), whoIs: () => Promise.reject(off) });
    expect(await faultOf(accounts.renew(await accounts.credential(account.id)))).toBe(off);
    expect(accounts.get(account.id)?.state).toBe('manual');
  });

  test('that is wrong is refused with what to do, and nothing is stored', async () => {
    const { logins, accounts, folder } = await startLogins();
    const before = await readEverything(folder);
    const fault = await faultOf(logins.addToken({ token: 'u-canary-of-nobody', brand: 'feishu' }));
    expect([fault.code, fault.words.en]).toEqual(['login_failed', expect.stringContaining('Get a new one')]);
    expect(JSON.stringify(fault.toBody())).not.toContain('canary');
    expect([accounts.list(), await readEverything(folder)]).toEqual([[], before]);
  });

  test('is on the disk sealed, not told in any event, and gone after signing out', async () => {
    const { account, accounts, accessToken, folder, events } = await pasted();
    expect(await readEverything(folder)).not.toContain(accessToken);
    expect(JSON.stringify(events)).not.toContain(accessToken);
    await accounts.signOut(account.id);
    expect(await readEverything(folder)).not.toContain(account.id);
  });
});

describe('the end of a pasted token', () => {
  const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  test.each([
    ['is in two hours when it does not tell', 'u-abcdefgh', 2 * hour],
    ['is the one that it tells', jwt({ exp: (now + hour) / 1000 }), hour],
    ['is in two hours at most', jwt({ exp: (now + 9 * hour) / 1000 }), 2 * hour],
    ['is not believed to be past, for the token was just accepted', jwt({ exp: (now - hour) / 1000 }), 2 * hour],
    ['is not read out of garbage', 'eyJ.%%%.x', 2 * hour],
  ])('%s', (_, token, left) => {
    expect(pastedTokens(token, now).accessExpiresAt - now).toBe(left);
  });
});
