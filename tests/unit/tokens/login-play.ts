import { Fault } from '../../../src-main/base/fault.ts';
import type { AccountView, LoginView } from '../../../src-main/contract/views.ts';
import { appId, person, type Trouble } from './fake-feishu.ts';
import type { PollTrouble } from './fake-devices.ts';
import type { Machine } from './open-accounts.ts';
import { openLogins, type RunningLogins } from './open-logins.ts';

/** What can happen. `pick` chooses among the logins, accounts or apps that there are. */
export type Happening =
  | { do: 'begin'; way: 'device' | 'browser'; where: Where; wide: boolean }
  | { do: 'grow'; way: 'device' | 'browser'; where: Where; pick: number; scope: string }
  | { do: 'create app' | 'extend app' | 'forget app'; where: Where; pick: number }
  | { do: Act; where: Where; pick: number; as: Actor }
  | { do: 'cancel'; where: Where; pick: number }
  | { do: 'paste' | 'paste nonsense'; where: Where; as: Actor }
  | { do: 'use' | 'refused' | 'renew' | 'sign out'; where: Where; pick: number }
  | { do: 'restart'; where: Where }
  | { do: 'trouble'; kind: Trouble }
  | { do: 'poll trouble'; kind: PollTrouble };

export type Where = 0 | 1;
/** What a person does with the link of a login that waits. */
export type Act = 'confirm' | 'deny' | 'confirm and cancel' | 'replay' | 'come back elsewhere';
/** `new`: somebody who has never been here. `mallory` only ever consents to what another person has to. */
export type Actor = 'ada' | 'bob' | 'new' | 'mallory';

const browser = 'the browser';

/** Two gateways on one folder, the people in front of them, and what they may never see. */
export class LoginPlay {
  readonly machine: Machine;
  readonly gateways: RunningLogins[] = [];
  /** By login id: who consented at which step, of those who were never here before. */
  readonly consents = new Map<string, { name: string; where: RunningLogins; step: number }[]>();
  #people = 0;
  #wide = false;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  async start(where: Where): Promise<void> {
    this.gateways[where]?.logins.close();
    const running = await this.machine.start();
    const wide = Array.from({ length: 60 }, (_, n) => `scope:${n}`);
    this.gateways[where] = openLogins(this.machine, running, {
      usualScopes: async () => (this.#wide ? wide : ['im:message']),
    });
  }

  gateway(where: Where): RunningLogins {
    const gateway = this.gateways[where];
    if (!gateway) throw new Error('not started');
    return gateway;
  }

  /** Does one thing. Rejects with what the one who did it is told. */
  async make(one: Happening): Promise<unknown> {
    const { feishu } = this.machine;
    if (one.do === 'trouble') return feishu.trouble.push(one.kind);
    if (one.do === 'poll trouble') return feishu.devices.trouble.push(one.kind);
    if (one.do === 'restart') return this.start(one.where);
    const gateway = this.gateway(one.where);
    const { logins, accounts } = gateway;
    switch (one.do) {
      case 'begin':
        this.#wide = one.wide;
        return logins.begin({ way: one.way });
      case 'grow':
        return logins.begin({ way: one.way, accountId: this.#account(gateway, one.pick).id, scopes: [one.scope] });
      case 'cancel':
        return logins.cancel(this.#waiting(gateway, one.pick).id);
      case 'paste':
        return logins.addToken({ token: feishu.signIn(this.#who(one.as)).accessToken, brand: 'feishu' });
      case 'paste nonsense':
        return logins.addToken({ token: 'u-nonsense', brand: 'feishu' });
      case 'create app':
      case 'extend app':
      case 'forget app':
        return this.#app(gateway, one);
      case 'use':
        return accounts.credential(this.#account(gateway, one.pick).id);
      case 'refused':
        return accounts.renew(await accounts.credential(this.#account(gateway, one.pick).id));
      case 'renew':
        return accounts.renewNow(this.#account(gateway, one.pick).id);
      case 'sign out':
        return accounts.signOut(this.#account(gateway, one.pick).id);
      default:
        return this.#act(gateway, one);
    }
  }

  /** Names of people who consented to nothing but what was refused before anything was stored. */
  refused(): string[] {
    return [...this.consents].flatMap(([id, consents]) =>
      consents.flatMap(({ name, where, step }) => {
        const login = where.logins.get(id);
        const nothingKept = login?.steps.slice(0, login.step).includes('sign_in') === false && login.step === step;
        return nothingKept && (login.state === 'failed' || login.state === 'canceled') ? [name] : [];
      }),
    );
  }

  async #app({ logins, accounts }: RunningLogins, { do: what, pick }: { do: string; pick: number }): Promise<unknown> {
    if (what === 'create app') return logins.createApp({ brand: pick % 2 === 0 ? 'feishu' : 'lark' });
    const apps = accounts.apps.list();
    const id = apps[pick % Math.max(apps.length, 1)]?.id ?? appId;
    return what === 'forget app' ? accounts.apps.forget(id) : logins.extendApp({ appId: id, scopes: ['mail:send'] });
  }

  async #act(gateway: RunningLogins, one: { do: Act; pick: number; as: Actor }): Promise<unknown> {
    const { logins, registrar } = gateway;
    const login = this.#waiting(gateway, one.pick);
    if (login.steps[login.step] !== 'sign_in') {
      if (one.do === 'deny') registrar.end(login.url, new Fault('login_denied'));
      else registrar.confirm(login.url);
      return one.do === 'confirm and cancel' ? logins.cancel(login.id) : undefined;
    }
    // Somebody who must not: only where it has to be another person.
    const who = this.#who(one.as === 'mallory' && login.accountId === null ? 'new' : one.as);
    if (who.name.startsWith('new')) {
      const entry = { name: who.name, where: gateway, step: login.step };
      this.consents.set(login.id, [...(this.consents.get(login.id) ?? []), entry]);
    }
    return login.way === 'device'
      ? this.#byDevice(gateway, login, { do: one.do, who })
      : this.#byBrowser(gateway, login, { do: one.do, who });
  }

  #byDevice({ logins }: RunningLogins, login: LoginView, act: { do: Act; who: ReturnType<typeof person> }): unknown {
    const { devices } = this.machine.feishu;
    if (act.do === 'deny') return devices.deny(login.url);
    devices.confirm(login.url, act.who);
    return act.do === 'confirm and cancel' ? logins.cancel(login.id) : undefined;
  }

  async #byBrowser(
    { logins }: RunningLogins,
    login: LoginView,
    act: { do: Act; who: ReturnType<typeof person> },
  ): Promise<unknown> {
    const state = (await logins.browserStart(login.id, browser)).searchParams.get('state') ?? '';
    const code = `code-${act.who.name}`;
    if (act.do === 'deny') return logins.complete({ error: 'access_denied', state }, browser);
    if (act.do === 'come back elsewhere') return logins.complete({ code, state }, 'another browser');
    const done = logins.complete({ code, state }, browser);
    if (act.do === 'confirm and cancel') logins.cancel(login.id);
    if (act.do === 'replay') await Promise.allSettled([done, logins.complete({ code, state }, browser)]);
    return done;
  }

  #who(actor: Actor): ReturnType<typeof person> {
    return person(actor === 'new' ? `new${(this.#people += 1)}` : actor);
  }

  #waiting({ logins }: RunningLogins, pick: number): LoginView {
    const waiting = logins.list().filter(({ state }) => state === 'waiting');
    const found = waiting[pick % Math.max(waiting.length, 1)];
    if (!found) throw new Fault('login_state');
    return found;
  }

  #account({ accounts }: RunningLogins, pick: number): AccountView {
    const all = accounts.list();
    const found = all[pick % Math.max(all.length, 1)];
    if (!found) throw new Fault('sign_in_required');
    return found;
  }
}
