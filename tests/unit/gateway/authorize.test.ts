import { beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { AccountView, AppView } from '../../../src-main/contract/views.ts';
import { type Call, newCall } from '../../../src-main/gateway/call.ts';
import { Session } from '../../../src-main/gateway/session.ts';
import { type GrantWish, authorize } from '../../../src-main/gateway/stages/authorize.ts';
import type { Tool } from '../../../src-main/providers/provider.ts';
import { accountView } from '../server/fake-logins.ts';

const tool = { name: 'im_v1_chat_list', provider: 'lark', risk: 'read', needsAccount: true } as Tool;
const app: AppView = { id: 'cli_app', brand: 'feishu', origin: 'registered', name: null, isDefault: true, addedAt: 0 };

let people: Map<string, AccountView>;
let apps: Map<string, AppView>;
let known: string | undefined;
let enabled: string[] | null;
let wishes: GrantWish[];

beforeEach(() => {
  people = new Map([['acc_1', accountView('acc_1')]]);
  apps = new Map([[app.id, app]]);
  known = 'acc_1';
  enabled = null;
  wishes = [];
});

/** What the tool meets, or the fault that the client reads. */
async function run(
  act: (call: Call) => void,
  who: { manualToken?: string; ofKey?: string; ofSession?: string } = {},
): Promise<{ call: Call; fault: Fault | undefined }> {
  const { manualToken = null, ofKey = null, ofSession = null } = who;
  const facts = { id: 'secret', keyId: 'k', openedAt: 0, lastSeenAt: 0, initialize: null };
  const call = newCall({
    caller: { keyId: 'k', accountId: ofKey, address: '::1', manualToken },
    session: new Session({ ...facts, transport: 'streamable-http', accountId: ofSession }),
    toolName: tool.name,
    input: {},
    signal: new AbortController().signal,
    say: () => {},
  });
  call.tool = tool;
  const stage = authorize({
    accounts: {
      whenKnown: async (id) => id ?? known,
      get: (id) => people.get(id),
      credential: async (accountId) => {
        const account = people.get(accountId);
        if (!account) throw new Fault('sign_in_required');
        const appId = account.way === 'token' ? null : account.appId;
        return { accountId, accessToken: `u-${accountId}`, brand: account.brand, appId };
      },
    },
    apps: { get: (id) => apps.get(id), enabledScopes: () => enabled },
    brand: 'lark',
    signInLink: () => 'http://127.0.0.1/sign-in',
    grantLink: (_session, wish) => {
      wishes.push(wish);
      return 'http://127.0.0.1/grant';
    },
  });
  const fault = await stage(async (reached) => {
    act(reached);
    return { content: [] };
  })(call).then(
    () => undefined,
    (thrown: unknown) => Fault.from(thrown),
  );
  return { call, fault };
}

const refuse = (fault: Fault) => () => {
  throw fault;
};
const missing = (code: 'scope_required' | 'app_scope_required') =>
  refuse(
    new Fault(code, {
      details: {
        code: 99_991_679,
        anyOf: ['im:chat', 'im:chat:readonly'],
        consoleUrl: 'https://open.feishu.cn/app/cli_app',
      },
    }),
  );

describe('whose name a call is made in', () => {
  test('that of the session before that of the key before the default one', async () => {
    for (const id of ['acc_key', 'acc_own']) people.set(id, accountView(id));
    const accountOf = async (who: Parameters<typeof run>[1]) => (await run(() => {}, who)).call.credential?.accountId;
    expect(await accountOf({ ofSession: 'acc_own', ofKey: 'acc_key' })).toBe('acc_own');
    expect(await accountOf({ ofKey: 'acc_key' })).toBe('acc_key');
    expect(await accountOf({})).toBe('acc_1');
  });

  test('nobody’s where nobody is signed in: the call ends with a link', async () => {
    known = undefined;
    const { fault, call } = await run(() => {});
    expect(fault).toMatchObject({ code: 'sign_in_required', details: { signInUrl: 'http://127.0.0.1/sign-in' } });
    expect(call.credential).toBeUndefined();
  });

  test.each([{ ofKey: 'acc_gone' }, { ofSession: 'acc_gone' }])(
    'never another’s when the one that the client is bound to (%j) signed out',
    async (who) => {
      const { fault, call } = await run(() => {}, who);
      expect(fault?.code).toBe('sign_in_required');
      expect(fault?.words.en).toContain('The account that this client is bound to is signed out');
      expect(fault?.words.zh).toContain('已在 LarkGate 退出登录');
      expect(call.credential).toBeUndefined();
    },
  );

  test('that of the token which the client brings, for the brand of the settings and no app of ours', async () => {
    const { call } = await run(() => {}, { manualToken: 'u-canary' });
    expect(call.credential).toMatchObject({ accessToken: 'u-canary', brand: 'lark', appId: null });
    expect(call.accountId).not.toContain('canary');
  });
});

describe('a call that lacks a permission', () => {
  test('of the person comes with a link for that account and the least that is enough', async () => {
    const { fault } = await run(missing('scope_required'));
    expect(fault).toMatchObject({ code: 'scope_required', details: { grantUrl: 'http://127.0.0.1/grant' } });
    expect(wishes).toEqual([{ kind: 'grant', accountId: 'acc_1', scopes: ['im:chat:readonly'] }]);
  });

  test('of the person asks for what the app has enabled, where that is known', async () => {
    enabled = ['im:chat'];
    await run(missing('scope_required'));
    expect(wishes).toEqual([{ kind: 'grant', accountId: 'acc_1', scopes: ['im:chat'] }]);
  });

  test('under a pasted token says that it cannot be widened, and offers to sign in', async () => {
    people.set('acc_1', accountView('acc_1', { way: 'token', appId: 'pasted' }));
    const { fault } = await run(missing('scope_required'));
    expect(fault?.details).toMatchObject({ signInUrl: 'http://127.0.0.1/sign-in' });
    expect(fault?.details).not.toHaveProperty('grantUrl');
    expect(fault?.words.en).toContain('cannot be given more');
    expect(wishes).toEqual([]);
  });

  test('of an app that was created here comes with a link that enables it, and no way to the console', async () => {
    const { fault } = await run(missing('app_scope_required'));
    expect(fault?.details).toMatchObject({ grantUrl: 'http://127.0.0.1/grant', anyOf: expect.any(Array) });
    expect(fault?.details).not.toHaveProperty('consoleUrl');
    expect(fault?.words.zh).toContain('im:chat:readonly');
    expect(wishes).toEqual([{ kind: 'extend', accountId: 'acc_1', scopes: ['im:chat:readonly'] }]);
  });

  test.each(['given', 'forgotten', 'pasted'] as const)('of an app that is %s leads to the console', async (which) => {
    if (which === 'given') apps.set(app.id, { ...app, origin: 'given' });
    if (which === 'forgotten') apps.clear();
    if (which === 'pasted') people.set('acc_1', accountView('acc_1', { way: 'token' }));
    const { fault } = await run(missing('app_scope_required'));
    expect(fault?.details).toMatchObject({ consoleUrl: 'https://open.feishu.cn/app/cli_app' });
    expect(fault?.details).not.toHaveProperty('grantUrl');
    expect(wishes).toEqual([]);
  });

  test('under a token that the client brings gets no link: nobody here can grant it', async () => {
    const { fault } = await run(missing('scope_required'), { manualToken: 'u-x' });
    expect(fault?.details).not.toHaveProperty('grantUrl');
    expect(fault?.details).not.toHaveProperty('signInUrl');
  });
});

test('other faults pass as they are', async () => {
  const broken = new Fault('upstream_failed');
  expect((await run(refuse(broken))).fault).toBe(broken);
});
