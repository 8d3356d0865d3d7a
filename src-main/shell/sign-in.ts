import { Fault } from '../base/fault.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { AccountView, Brand, LoginView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { type Ask, cancel, close, tryAgain } from './asking.ts';
import type { DesktopGateway } from './desktop-gateway.ts';
import type { SignInStep } from './web-places.ts';
import { leadsElsewhere, type SignInWindow, type SignInWindowOptions } from './sign-in-window.ts';

export interface SignInParts {
  gateway(): Pick<DesktopGateway, 'call'> | undefined;
  account(accountId: string): AccountView | undefined;
  openWindow(options: Pick<SignInWindowOptions, 'loginId' | 'onRefused' | 'onClosed'>): SignInWindow;
  openOutside(url: string): void;
  withBrowser(): boolean;
  ask: Ask;
}

interface Attempt {
  login: LoginView;
  accountId: string | undefined;
  shown: string | null;
  window: SignInWindow | undefined;
  outside: boolean;
  /** A question about it is open; a page can raise no second one. */
  asking: boolean;
}

/** Leads a person through one login at a time, in a window of ours or in their browser. */
export class SignIn {
  readonly #parts: SignInParts;
  #attempt: Attempt | undefined;
  #beginning = false;
  /** The newest view of any login: one may move on before the answer that began it is read. */
  #latest: LoginView | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Begins a login, or comes back to the one that waits. */
  async begin(accountId?: string): Promise<void> {
    if (this.#beginning) return;
    if (this.#attempt) return this.#comeBack(this.#attempt);
    this.#beginning = true;
    try {
      const login = await this.#start(accountId);
      if (login) this.#take(login, accountId);
    } catch (thrown) {
      await this.#failed(Fault.from(thrown).words, accountId);
    } finally {
      this.#beginning = false;
    }
  }

  onEvent(event: StampedEvent): void {
    if (event.kind !== 'login.changed') return;
    this.#latest = event.login;
    if (this.#attempt?.login.id === event.login.id) this.#follow(this.#attempt, event.login);
  }

  /** The gateway is gone, and the login with it. */
  close(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.window?.close();
  }

  /** What is confirmed now, and where. */
  get step(): SignInStep {
    const { steps = [], step = 0, url: link = null } = this.#attempt?.login ?? {};
    return { creatingApp: steps[step] === 'create_app' || steps[step] === 'extend_app', link };
  }

  async #start(accountId: string | undefined): Promise<LoginView | undefined> {
    const gateway = this.#parts.gateway();
    if (!gateway) return undefined;
    const account = accountId === undefined ? undefined : this.#parts.account(accountId);
    const way = account?.way === 'browser' ? 'browser' : 'device';
    try {
      return (await gateway.call('login', { way, ...(account && { accountId: account.id }) })).login;
    } catch (thrown) {
      if (Fault.from(thrown).code !== 'app_missing') throw thrown;
      const brand = await this.#chooseBrand();
      return brand && (await gateway.call('createApp', { brand })).login;
    }
  }

  async #chooseBrand(): Promise<Brand | undefined> {
    const answers = [{ zh: '飞书', en: 'Feishu' }, { zh: 'Lark 国际版', en: 'Lark' }, cancel] as const;
    const answer = await this.#parts.ask({ kind: 'question', message: whichService, detail: createsApp, answers });
    return (['feishu', 'lark'] as const)[answer];
  }

  #take(login: LoginView, accountId: string | undefined): void {
    const newest = this.#latest?.id === login.id ? this.#latest : login;
    const attempt = {
      login: newest,
      accountId,
      shown: null,
      window: undefined,
      outside: this.#parts.withBrowser(),
      asking: false,
    };
    this.#attempt = attempt;
    this.#follow(attempt, newest);
  }

  #follow(attempt: Attempt, login: LoginView): void {
    attempt.login = login;
    if (login.state === 'waiting') return this.#show(attempt);
    if (login.state === 'starting') return;
    this.close();
    if (login.state === 'failed') void this.#failed(login.fault?.words ?? didNotWork, attempt.accountId);
  }

  /** Each step has a link of its own, and is shown once. */
  #show(attempt: Attempt): void {
    const { url } = attempt.login;
    if (url === null || url === attempt.shown) return;
    attempt.shown = url;
    if (attempt.outside) return this.#parts.openOutside(url);
    attempt.window ??= this.#parts.openWindow({
      loginId: attempt.login.id,
      onRefused: (host) => void this.#leadsElsewhere(attempt, host),
      onClosed: () => this.#closed(attempt),
    });
    attempt.window.show(url);
  }

  #comeBack(attempt: Attempt): void {
    if (attempt.window) attempt.window.focus();
    else if (attempt.outside && attempt.login.url !== null) this.#parts.openOutside(attempt.login.url);
  }

  async #leadsElsewhere(attempt: Attempt, host: string): Promise<void> {
    if (attempt.asking) return;
    attempt.asking = true;
    const answers = [{ zh: '在浏览器中继续', en: 'Continue in the browser' }, cancel] as const;
    const answer = await this.#parts.ask({ kind: 'question', message: leadsElsewhere(host), answers });
    attempt.asking = false;
    if (answer !== 0 || this.#attempt !== attempt) return;
    attempt.outside = true;
    const { window } = attempt;
    attempt.window = undefined;
    window?.close();
    // From its beginning: the browser knows nothing of how far the window came.
    if (attempt.login.url !== null) this.#parts.openOutside(attempt.login.url);
  }

  /** The person closed the window: nothing shall be stored any more. */
  #closed(attempt: Attempt): void {
    if (this.#attempt !== attempt || attempt.outside) return;
    this.#attempt = undefined;
    void this.#parts
      .gateway()
      ?.call('cancelLogin', { loginId: attempt.login.id })
      .catch(() => {});
  }

  async #failed(detail: Words, accountId: string | undefined): Promise<void> {
    const question = { kind: 'error', message: didNotWork, detail, answers: [tryAgain, close] } as const;
    if ((await this.#parts.ask(question)) === 0) await this.begin(accountId);
  }
}

const didNotWork: Words = { zh: '没有登录成功', en: 'Signing in did not work' };
const whichService: Words = { zh: '你使用的是飞书还是 Lark 国际版？', en: 'Do you use Feishu or Lark international?' };
const createsApp: Words = {
  zh: '第一次登录时，LarkGate 会先为你创建一个飞书应用，你只需扫码确认。',
  en: 'For the first sign-in LarkGate creates an app of your own; you only confirm it by a scan.',
};
