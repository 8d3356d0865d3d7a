import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Notices } from '../base/notices.ts';
import type { AccountView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { type AccountRecord, toView, yearEndsAt } from './account-record.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { VaultState } from './vault-file.ts';

export interface NewsParts {
  bus: EventBus;
  notices: Notices;
  clock: Clock;
  lifetimes: Lifetimes;
}

const warnBeforeMs = 24 * 3_600_000;

/** Tells what became of the accounts: the only publisher of account events. */
export class AccountNews {
  readonly #parts: NewsParts;
  #told: Map<string, string>;

  constructor(parts: NewsParts, state: VaultState) {
    this.#parts = parts;
    this.#told = textOf(this.views(state));
  }

  views(state: VaultState): AccountView[] {
    return state.accounts.map((record) => this.view(state, record));
  }

  view(state: VaultState, record: AccountRecord): AccountView {
    const { clock, lifetimes } = this.#parts;
    return toView(record, record.id === state.defaultAccount, lifetimes.left(record), clock.now());
  }

  /** Publishes the differences to what was told before. */
  publish(state: VaultState): void {
    const { bus, notices } = this.#parts;
    const views = this.views(state);
    const before = this.#told;
    this.#told = textOf(views);
    for (const record of state.accounts) if (!this.#whyEnding(state, record)) notices.clear(expiringNotice(record.id));
    for (const account of views) {
      notices.clear(forgottenNotice(account.id));
      if (before.get(account.id) === this.#told.get(account.id)) continue;
      if (account.lastRenewal?.outcome !== 'failed') notices.clear(renewalNotice(account.id));
      bus.publish({ kind: 'account.changed', account });
    }
    for (const id of before.keys()) {
      if (this.#told.has(id)) continue;
      notices.clear(expiringNotice(id));
      notices.clear(renewalNotice(id));
      bus.publish({ kind: 'account.removed', accountId: id });
    }
  }

  /** Nobody used these for so long that they were removed: that is said once, until the person signs in again. */
  forgotten(records: readonly AccountRecord[]): void {
    for (const { id } of records) this.#parts.notices.raise(forgottenNotice(id), 'info', unusedLong, id);
  }

  /** Warns of sign-ins that are about to end although everything was done to renew them. */
  warn(state: VaultState): void {
    for (const record of state.accounts) {
      const words = this.#whyEnding(state, record);
      if (words) this.#parts.notices.raise(expiringNotice(record.id), 'warning', words, record.id);
    }
  }

  /** Why it ends within a day, or undefined when it does not. */
  #whyEnding(state: VaultState, record: AccountRecord): Words | undefined {
    const now = this.#parts.clock.now();
    const { obtainedAt, refreshExpiresAt } = record.tokens;
    if (refreshExpiresAt === null || this.view(state, record).state !== 'signed_in') return undefined;
    if (yearEndsAt(record) - now < warnBeforeMs) return yearOver;
    // A refresh token that lives for hours only is not near its end all the time.
    const early = Math.min(warnBeforeMs, (refreshExpiresAt - obtainedAt) / 2);
    return refreshExpiresAt - now < early ? notRenewed : undefined;
  }
}

const notRenewed: Words = {
  zh: '一个飞书账号的登录将在 24 小时内失效，一直未能续期。请检查网络，或重新登录。',
  en: 'The sign-in of an account ends within 24 hours and could not be renewed. Check the network, or sign in again.',
};

const unusedLong: Words = {
  zh: '一个飞书账号超过 30 天没有使用，已从本机移除。需要时请重新登录。',
  en: 'An account was not used for 30 days and was removed from this machine. Sign in again when you need it.',
};

const yearOver: Words = {
  zh: '一个飞书账号的登录将在 24 小时内满 365 天，此后无法再续期。现在重新登录即可不间断使用。',
  en: 'The sign-in of an account will be 365 days old within 24 hours and cannot be renewed beyond that. Sign in again now to go on without a break.',
};

/** Stands while the renewals of an account fail in a way that a person can mend. */
export function renewalNotice(accountId: string): string {
  return `tokens.renewal.${accountId}`;
}

function forgottenNotice(accountId: string): string {
  return `tokens.forgotten.${accountId}`;
}

function expiringNotice(accountId: string): string {
  return `tokens.expiring.${accountId}`;
}

function textOf(views: AccountView[]): Map<string, string> {
  return new Map(views.map((view) => [view.id, JSON.stringify(view)]));
}
