import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Host } from '../base/host.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import type { AccountView, Brand } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import {
  type AccountRecord,
  newRecord,
  openTokens,
  sealTokens,
  type SignIn,
  whySignInAgain,
} from './account-record.ts';
import { AccountNews } from './account-news.ts';
import { AppNews } from './app-news.ts';
import { pastedAppId } from './app-record.ts';
import { Apps } from './apps.ts';
import { noteClockSkew } from './clock-skew.ts';
import type { Credential, Person, TokenSet } from './credential.ts';
import { grownScopes } from './grown-scopes.ts';
import type { AppCredentials, TokenIssuer } from './issuer.ts';
import { Lifetimes } from './lifetimes.ts';
import type { Renewer } from './renewal-job.ts';
import { Renewals } from './renewals.ts';
import { createSealer, type Sealer } from './sealed.ts';
import { pastedTokens } from './pasted-token.ts';
import { endAccount, putAccount, removeAccount, setDefault } from './vault-changes.ts';
import { Upkeep } from './upkeep.ts';
import { Vault } from './vault.ts';

export interface AccountsParts {
  clock: Clock;
  bus: EventBus;
  notices: Notices;
  log: Log;
  host: Host;
  issuerFor(app: AppCredentials): TokenIssuer;
  /** What a vault of before brands belongs to. */
  formerBrand: Brand;
  /** Runs renewals outside of this process, where a kill cannot interrupt them. */
  renewer?: Renewer;
}

/** Opens the vault in the host's data folder. Rejects only when the host cannot give its key. */
export async function openAccounts(parts: AccountsParts): Promise<Accounts> {
  const { clock, bus, notices, log, host, formerBrand } = parts;
  const masterKey = await host.masterKey();
  const sealer = createSealer(masterKey);
  const vault = await Vault.open({ folder: host.dataFolder, sealer, clock, notices, log, formerBrand });
  await vault.tidy();
  const lifetimes = new Lifetimes(clock);
  const news = new AccountNews({ bus, notices, clock, lifetimes }, vault.state);
  const appNews = new AppNews(bus, vault.state);
  const apps = new Apps({ vault, sealer, clock, issuerFor: (app) => parts.issuerFor(app) });
  const renewals = new Renewals({
    ...parts,
    masterKey,
    vault,
    sealer,
    issuerOf: (appId, brand) => apps.issuerOf(appId, brand),
  });
  const upkeep = new Upkeep({ clock, vault, lifetimes, renewals, news });
  const accounts = new Accounts({ clock, log, notices, vault, sealer, lifetimes, news, apps, renewals, upkeep });
  let before = vault.state;
  vault.watch((state) => {
    const former = before;
    before = state;
    // A renewal that failed for a wrong app secret may work with the new one.
    if (former.apps !== state.apps) renewals.forgiveAll();
    appNews.publish(state);
    news.publish(state);
    accounts.tellGrown(grownScopes(former, state));
  });
  return accounts;
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
  /** The apps that people sign in to. */
  readonly apps: Apps;
  readonly #with: Wiring;
  readonly #grown = new Set<(accountId: string) => void>();
  /** Deciphered once for as long as the tokens last, not for every call. */
  readonly #opened = new WeakMap<AccountRecord['tokens'], Credential>();

  constructor(wiring: Wiring) {
    this.#with = wiring;
    this.apps = wiring.apps;
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

  /**
   * The account that is meant, or the default one, also where another process has just signed in. Rejects with
   * `sign_in_required` where there are accounts and none is the default one.
   */
  async whenKnown(id: string | undefined): Promise<string | undefined> {
    if (id !== undefined) return id;
    if (this.defaultId() === undefined) await this.#with.vault.sync();
    const { defaultAccount, accounts } = this.#with.vault.state;
    if (defaultAccount === null && accounts.length > 0) throw new Fault('sign_in_required', { words: chooseDefault });
    return defaultAccount ?? undefined;
  }

  /** `listener` is called after the scopes of an account grew, whichever process it happened in. */
  onScopesGrown(listener: (accountId: string) => void): void {
    this.#grown.add(listener);
  }

  /** For the vault: calls the listeners. */
  tellGrown(accountIds: string[]): void {
    for (const id of accountIds) for (const listener of this.#grown) listener(id);
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
    if (!lifetimes.nearEnd(record) || !isRenewable(record)) return this.#open(record);
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
    if (isRenewable(record)) await this.#with.renewals.ensure(record);
    else await this.#ask(record, present);
    return this.#open(await this.#usable(refused.accountId));
  }

  /** Renews at once, because a person asked. */
  async renewNow(accountId: string): Promise<AccountView> {
    const record = await this.#usable(accountId);
    this.#with.renewals.forgiveAll();
    await this.#with.renewals.ensure(record);
    return this.#view(accountId);
  }

  /**
   * Signs a person in. The same person of the same app replaces the earlier sign-in. Rejects with `app_missing`, and
   * stores nothing, when the app was forgotten meanwhile.
   */
  async add(signIn: SignIn, tokens: TokenSet, person: Person): Promise<AccountView> {
    const { sealer, clock, vault, renewals, notices } = this.#with;
    const owner = { appId: signIn.appId, subject: person.unionId };
    const kept = sealTokens(sealer, owner, tokens, clock.now());
    const record = newRecord(signIn, person, kept, tokens.scopes);
    await vault.saveForPerson(putAccount(record));
    if (vault.account(record.id)?.tokens.id !== kept.id) throw new Fault('app_missing');
    renewals.forgiveAll();
    noteClockSkew(notices, tokens.clockSkewMs ?? null);
    return this.#view(record.id);
  }

  /** Signs a person in by a pasted user_access_token. Rejects with `login_failed` when it is not one that works. */
  async addToken({ token, brand }: { token: string; brand: Brand }): Promise<AccountView> {
    const person = await this.apps.anyIssuer(brand).whoIs(token);
    const tokens = pastedTokens(token, this.#with.clock.now());
    return this.add({ appId: pastedAppId, brand, way: 'token', asked: [] }, tokens, person);
  }

  /** Forgets the account here, then tells Feishu; that Feishu cannot be told is no failure. */
  async signOut(accountId: string): Promise<void> {
    const { vault, sealer, log } = this.#with;
    const record = await this.#known(accountId);
    await vault.saveForPerson(removeAccount(accountId));
    const tokens = openTokens(sealer, record);
    // Only the app that a token was issued to can revoke it.
    if (!tokens || record.way === 'token') return;
    try {
      const issuer = this.apps.issuerOf(record.appId, record.brand);
      if (tokens.refresh) await issuer.revoke(tokens.refresh);
      await issuer.revoke(tokens.access);
    } catch (error) {
      log.warn({ err: error, accountId }, 'sign-out: tokens not revoked upstream');
    }
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

  /** Whether a token that cannot be renewed is over, or was refused for another reason. Rejects when it is over. */
  async #ask(record: AccountRecord, { accessToken }: Credential): Promise<void> {
    const { apps, vault, clock } = this.#with;
    const issuer = record.way === 'token' ? apps.anyIssuer(record.brand) : apps.issuerOf(record.appId, record.brand);
    try {
      await issuer.whoIs(accessToken);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      if (fault.code !== 'login_failed') throw fault;
      const words = whySignInAgain(record, 0, clock.now()) ?? fault.words;
      await vault.save(endAccount(record.id, record.tokens.id, words));
      throw new Fault('sign_in_again', { words, cause: fault });
    }
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
    const { id: accountId, brand, way } = record;
    const credential = { accountId, accessToken: tokens.access, brand, appId: way === 'token' ? null : record.appId };
    this.#opened.set(record.tokens, credential);
    return credential;
  }
}

function isRenewable({ tokens }: AccountRecord): boolean {
  return tokens.refreshExpiresAt !== null;
}

const chooseDefault: Words = {
  zh: '默认账号已退出。请在控制台选择新的默认账号，或打开链接登录。',
  en: 'The default account was signed out. Choose another default on the dashboard, or open the link to sign in.',
};
