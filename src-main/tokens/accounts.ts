import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Host } from '../base/host.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import type { AccountView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { type AccountRecord, newRecord, openTokens, sealTokens, whySignInAgain } from './account-record.ts';
import { AccountNews } from './account-news.ts';
import { Apps } from './apps.ts';
import { noteClockSkew } from './clock-skew.ts';
import type { Credential, Person, TokenSet } from './credential.ts';
import type { TokenIssuer } from './issuer.ts';
import { Lifetimes } from './lifetimes.ts';
import type { Renewer } from './renewal-job.ts';
import { Renewals } from './renewals.ts';
import { createSealer, type Sealer } from './sealed.ts';
import { putAccount, removeAccount, setDefault } from './vault-changes.ts';
import { Upkeep } from './upkeep.ts';
import { Vault } from './vault.ts';

export interface AccountsParts {
  clock: Clock;
  bus: EventBus;
  notices: Notices;
  log: Log;
  host: Host;
  issuerFor(appId: string, appSecret: string): TokenIssuer;
  /** Runs renewals outside of this process, where a kill cannot interrupt them. */
  renewer?: Renewer;
}

/** Opens the vault in the host's data folder. Rejects only when the host cannot give its key. */
export async function openAccounts(parts: AccountsParts): Promise<Accounts> {
  const { clock, bus, notices, log, host } = parts;
  const masterKey = await host.masterKey();
  const sealer = createSealer(masterKey);
  const vault = await Vault.open({ folder: host.dataFolder, sealer, clock, notices, log });
  await vault.tidy();
  const lifetimes = new Lifetimes(clock);
  const news = new AccountNews({ bus, notices, clock, lifetimes }, vault.state);
  vault.watch((state) => news.publish(state));
  const apps = new Apps(vault, sealer, (appId, secret) => parts.issuerFor(appId, secret));
  const renewals = new Renewals({ ...parts, masterKey, vault, sealer, issuerOf: (appId) => apps.issuerOf(appId) });
  const upkeep = new Upkeep({ clock, vault, lifetimes, renewals, news });
  return new Accounts({ clock, log, notices, vault, sealer, lifetimes, news, apps, renewals, upkeep });
}

interface Wiring {
  clock: Clock;
  log: Log;
  notices: Notices;
  vault: Vault;
  sealer: Sealer;
  lifetimes: Lifetimes;
  news: AccountNews;
  apps: Apps;
  renewals: Renewals;
  upkeep: Upkeep;
}

/** Everybody who is signed in, and one usable credential for each. */
export class Accounts {
  readonly #with: Wiring;
  /** Deciphered once for as long as the tokens last, not for every call. */
  readonly #opened = new WeakMap<AccountRecord['tokens'], Credential>();

  constructor(wiring: Wiring) {
    this.#with = wiring;
  }

  list(): AccountView[] {
    return this.#with.news.views(this.#with.vault.state);
  }

  get(id: string): AccountView | undefined {
    const { vault, news } = this.#with;
    const record = vault.account(id);
    return record && news.view(vault.state, record);
  }

  defaultId(): string | undefined {
    return this.#with.vault.state.defaultAccount ?? undefined;
  }

  async setDefault(id: string): Promise<void> {
    await this.#known(id);
    await this.#with.vault.save(setDefault(id));
  }

  /** Fresh for at least five minutes where that can be had. Rejects with `sign_in_required` or `sign_in_again` and why. */
  async credential(accountId: string): Promise<Credential> {
    const { lifetimes, renewals, upkeep } = this.#with;
    const record = await this.#usable(accountId);
    upkeep.used(accountId);
    if (!lifetimes.nearEnd(record)) return this.#open(record);
    try {
      await renewals.ensure(record);
    } catch (fault) {
      // A token that is good for some minutes yet is better than no answer.
      const present = this.#with.vault.account(accountId);
      if (!present || present.ended || lifetimes.left(present) <= 0) throw fault;
      return this.#open(present);
    }
    return this.#open(await this.#usable(accountId));
  }

  /** Another credential after Feishu refused this one: one renewal for all who ask. */
  async renew(refused: Credential): Promise<Credential> {
    const record = await this.#usable(refused.accountId);
    const present = this.#open(record);
    if (present.accessToken !== refused.accessToken) return present;
    await this.#with.renewals.ensure(record);
    return this.#open(await this.#usable(refused.accountId));
  }

  /** Renews at once, because a person asked. */
  async renewNow(accountId: string): Promise<AccountView> {
    const record = await this.#usable(accountId);
    this.#with.renewals.forgiveAll();
    await this.#with.renewals.ensure(record);
    return this.#view(accountId);
  }

  /** Signs a person in. The same person of the same app replaces the earlier sign-in. */
  async add(appId: string, tokens: TokenSet, person: Person): Promise<AccountView> {
    const { sealer, clock, vault, renewals, notices } = this.#with;
    const kept = sealTokens(sealer, { appId, subject: person.unionId }, tokens, clock.now());
    const record = newRecord(appId, person, kept, tokens.scopes);
    await vault.saveForPerson(putAccount(record));
    renewals.forgiveAll();
    noteClockSkew(notices, tokens.clockSkewMs ?? null);
    return this.#view(record.id);
  }

  /** Forgets the account here, then tells Feishu; that Feishu cannot be told is no failure. */
  async signOut(accountId: string): Promise<void> {
    const { vault, sealer, log } = this.#with;
    const record = await this.#known(accountId);
    await vault.saveForPerson(removeAccount(accountId));
    const tokens = openTokens(sealer, record);
    if (!tokens) return;
    try {
      const issuer = this.#with.apps.issuerOf(record.appId);
      if (tokens.refresh) await issuer.revoke(tokens.refresh);
      await issuer.revoke(tokens.access);
    } catch (error) {
      log.warn({ err: error, accountId }, 'sign-out: tokens not revoked upstream');
    }
  }

  /** Keeps an app's secret, sealed. */
  async setApp(appId: string, secret: string): Promise<void> {
    await this.#with.apps.set(appId, secret);
    this.#with.renewals.forgiveAll();
  }

  async appSecret(appId: string): Promise<string | undefined> {
    return this.#with.apps.secretOf(appId);
  }

  /** The OAuth server as this app sees it. Throws `app_missing` when the app's secret is not known. */
  issuerOf(appId: string): TokenIssuer {
    return this.#with.apps.issuerOf(appId);
  }

  /** Begins renewing in the background. */
  start(): void {
    this.#with.upkeep.start();
  }

  /** The machine woke up or the network is back: whatever is due is done now. */
  wake(): void {
    this.#with.upkeep.wake();
  }

  async close(): Promise<void> {
    await this.#with.upkeep.stop();
  }

  async #usable(id: string): Promise<AccountRecord> {
    let record = await this.#known(id);
    if (this.#whySignInAgain(record)) {
      // Perhaps the person signed in through another process.
      await this.#with.vault.sync();
      record = await this.#known(id);
    }
    const words = this.#whySignInAgain(record);
    if (words) throw new Fault('sign_in_again', { words });
    return record;
  }

  #whySignInAgain(record: AccountRecord): Words | null {
    const { lifetimes, clock } = this.#with;
    return whySignInAgain(record, lifetimes.left(record), clock.now());
  }

  async #known(id: string): Promise<AccountRecord> {
    const { vault } = this.#with;
    if (!vault.account(id)) await vault.sync();
    const record = vault.account(id);
    if (!record) throw new Fault('sign_in_required');
    return record;
  }

  #view(id: string): AccountView {
    const view = this.get(id);
    if (!view) throw new Fault('sign_in_required');
    return view;
  }

  #open(record: AccountRecord): Credential {
    const opened = this.#opened.get(record.tokens);
    if (opened) return opened;
    const tokens = openTokens(this.#with.sealer, record);
    if (!tokens) throw new Fault('sign_in_again');
    const credential = { accountId: record.id, accessToken: tokens.access };
    this.#opened.set(record.tokens, credential);
    return credential;
  }
}
