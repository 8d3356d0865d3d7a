import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Notices } from '../base/notices.ts';
import type { AccountView } from '../contract/views.ts';
import { type AccountRecord, toView } from './account-record.ts';
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

  /** Publishes the differences to what was told before, and warns of sign-ins that are about to end. */
  publish(state: VaultState): void {
    const { bus, notices } = this.#parts;
    const views = this.views(state);
    const before = this.#told;
    this.#told = textOf(views);
    for (const account of views) {
      this.#warn(account);
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

  #warn(account: AccountView): void {
    const { notices, clock } = this.#parts;
    const { refreshExpiresAt } = account;
    const ending = refreshExpiresAt !== null && refreshExpiresAt - clock.now() < warnBeforeMs;
    if (account.state !== 'signed_in' || !ending) return notices.clear(expiringNotice(account.id));
    notices.raise(expiringNotice(account.id), 'warning', {
      zh: '一个飞书账号的登录将在 24 小时内失效，一直未能续期。请检查网络，或重新登录。',
      en: 'The sign-in of a Feishu account ends within 24 hours and could not be renewed. Check the network, or sign in again.',
    });
  }
}

/** Stands while the renewals of an account fail in a way that a person can mend. */
export function renewalNotice(accountId: string): string {
  return `tokens.renewal.${accountId}`;
}

function expiringNotice(accountId: string): string {
  return `tokens.expiring.${accountId}`;
}

function textOf(views: AccountView[]): Map<string, string> {
  return new Map(views.map((view) => [view.id, JSON.stringify(view)]));
}
