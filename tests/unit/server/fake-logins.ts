import { Fault } from '../../../src-main/base/fault.ts';
import type { AccountView, LoginView } from '../../../src-main/contract/views.ts';
import type { OauthRouteParts } from '../../../src-main/server/oauth-routes.ts';

type DoorLogins = OauthRouteParts['logins'];
type Completion = Awaited<ReturnType<DoorLogins['complete']>>;

export function accountView(id: string, more: Partial<AccountView> = {}): AccountView {
  return {
    id,
    name: `Person ${id}`,
    avatarUrl: null,
    tenantKey: null,
    appId: 'cli_app',
    brand: 'feishu',
    way: 'device',
    state: 'signed_in',
    reason: null,
    scopes: [],
    missingScopes: [],
    accessExpiresAt: 0,
    refreshExpiresAt: 1,
    lastRenewal: null,
    isDefault: false,
    ...more,
  };
}

/** Logins that go where the test says, instead of to Feishu. */
export class FakeLogins implements DoorLogins {
  readonly begun: (Parameters<DoorLogins['begin']>[0] & { id: string })[] = [];
  readonly extended: (Parameters<DoorLogins['extendApp']>[0] & { id: string })[] = [];
  /** By which nonces browsers began and came back. */
  readonly browsers: string[] = [];
  /** What the callback brings next. */
  completion: (() => Completion) | undefined;
  readonly #logins = new Map<string, LoginView>();
  readonly #bindings = new Map<string, { sessionKey: string | null } | null>();
  readonly #listeners: Parameters<DoorLogins['onDone']>[0][] = [];

  async begin(wish: Parameters<DoorLogins['begin']>[0]): Promise<LoginView> {
    const login = this.#add({ way: wish.way, scopes: [...(wish.scopes ?? [])], accountId: wish.accountId ?? null });
    this.#bindings.set(login.id, wish.binding ?? null);
    this.begun.push({ ...wish, id: login.id });
    return login;
  }

  async extendApp(wish: Parameters<DoorLogins['extendApp']>[0]): Promise<LoginView> {
    const login = this.#add({ way: 'device', steps: ['extend_app', 'sign_in'], scopes: [...wish.scopes] });
    this.extended.push({ ...wish, id: login.id });
    return login;
  }

  get(id: string): LoginView | undefined {
    return this.#logins.get(id);
  }

  async browserStart(loginId: string, browser: string): Promise<URL> {
    this.browsers.push(browser);
    return new URL(`https://accounts.feishu.cn/authorize?login=${loginId}&browser=${browser.length}`);
  }

  async complete(_answer: unknown, browser: string): Promise<Completion> {
    this.browsers.push(browser);
    if (!this.completion) throw new Fault('login_state');
    return this.completion();
  }

  onDone(listener: Parameters<DoorLogins['onDone']>[0]): void {
    this.#listeners.push(listener);
  }

  change(id: string, change: Partial<LoginView>): LoginView {
    const login = this.#logins.get(id);
    if (!login) throw new Error(`no login ${id}`);
    const changed = { ...login, ...change };
    this.#logins.set(id, changed);
    return changed;
  }

  forget(id: string): void {
    this.#logins.delete(id);
  }

  /** The person confirmed as `account`. */
  finish(id: string, account: AccountView): Completion {
    const login = this.change(id, { state: 'done', accountId: account.id, url: null });
    const binding = this.#bindings.get(id) ?? null;
    for (const listener of this.#listeners) listener(login, account, binding);
    return { login, account, next: null, binding };
  }

  /** The newest login. */
  get last(): LoginView {
    const login = [...this.#logins.values()].at(-1);
    if (!login) throw new Error('none begun');
    return login;
  }

  #add(more: Partial<LoginView>): LoginView {
    const login: LoginView = {
      id: `login_${this.#logins.size + 1}`,
      way: 'device',
      steps: ['sign_in'],
      step: 0,
      state: 'waiting',
      brand: 'feishu',
      appId: 'cli_app',
      accountId: null,
      scopes: [],
      url: 'https://accounts.feishu.cn/oauth/v1/device/verify?user_code=ABCD-EFGH',
      userCode: 'ABCD-EFGH',
      expiresAt: null,
      note: null,
      fault: null,
      startedAt: 0,
      ...more,
    };
    this.#logins.set(login.id, login);
    return login;
  }
}
