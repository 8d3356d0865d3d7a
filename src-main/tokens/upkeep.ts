import type { Clock } from '../base/clock.ts';
import type { AccountNews } from './account-news.ts';
import type { AccountRecord } from './account-record.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { Renewals } from './renewals.ts';
import { purgeUnused, touch } from './vault-changes.ts';
import type { Vault } from './vault.ts';
import type { VaultState } from './vault-file.ts';

export interface UpkeepParts {
  clock: Clock;
  vault: Vault;
  lifetimes: Lifetimes;
  renewals: Renewals;
  news: AccountNews;
}

const minuteMs = 60_000;
const snapshotMs = 10 * minuteMs;
/** Renewals of one round are spread over at most this long. */
const spreadMs = 10 * minuteMs;
const longestGapMs = 2000;
const drainMs = 4000;
/** For so long the wall clock must have run as it should before anything is purged by it. */
const trustMs = 60 * minuteMs;

/** What happens without anybody asking: renewals at half-life, the snapshot, and waking up after a sleep. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #stopped = new AbortController();
  #used = new Map<string, number>();
  #timers: (() => void)[] = [];
  #round: Promise<void> | undefined;
  #clocks: { wall: number; monotonic: number };
  /** Monotonic time since when the wall clock ran as it should. */
  #steadySince: number;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.#clocks = readClocks(parts.clock);
    this.#steadySince = this.#clocks.monotonic;
  }

  start(): void {
    const { clock } = this.#parts;
    this.#timers = [
      clock.every(minuteMs, () => void this.#minute()),
      clock.every(snapshotMs, () => void this.#snapshot()),
    ];
    void this.#look();
  }

  /** Notes a call; it reaches the disk with the next snapshot. */
  used(accountId: string): void {
    this.#used.set(accountId, this.#parts.clock.now());
  }

  /** Waits for no pause: what stood in the way may be gone. */
  wake(): void {
    this.#parts.renewals.forgiveAll();
    void this.#look();
  }

  async stop(): Promise<void> {
    const { clock, renewals } = this.#parts;
    for (const cancel of this.#timers) cancel();
    this.#stopped.abort();
    await Promise.race([Promise.all([this.#round, renewals.idle()]), clock.sleep(drainMs)]);
    await this.#snapshot();
  }

  async #minute(): Promise<void> {
    this.#watchClocks();
    await this.#look();
  }

  /** Notices when the wall clock was set, or went on while the machine slept. */
  #watchClocks(): void {
    const before = this.#clocks;
    this.#clocks = readClocks(this.#parts.clock);
    const drift = this.#clocks.wall - before.wall - (this.#clocks.monotonic - before.monotonic);
    if (Math.abs(drift) <= minuteMs) return;
    this.#steadySince = this.#clocks.monotonic;
    this.#parts.renewals.clockMoved();
  }

  /** Says what time and other processes changed, and begins to renew what is due or failed before. */
  async #look(): Promise<void> {
    const { vault, news } = this.#parts;
    await vault.sync();
    news.publish(vault.state);
    this.#round ??= this.#renewDue().finally(() => (this.#round = undefined));
  }

  async #snapshot(): Promise<void> {
    const { clock, vault, news } = this.#parts;
    if (!vault.settled) return vault.sync();
    const used = this.#used;
    this.#used = new Map();
    // A clock that is wrong at boot, or was set by mistake, is right again within the hour.
    this.#watchClocks();
    const trusted = this.#clocks.monotonic - this.#steadySince >= trustMs;
    const purge = trusted ? purgeUnused(clock.now()) : (state: VaultState) => state;
    const before = vault.state.accounts;
    await vault.save((state) => purge(touch(used)(state)));
    news.forgotten(before.filter(({ id }) => !vault.account(id)));
  }

  async #renewDue(): Promise<void> {
    const { vault, renewals, news } = this.#parts;
    const due = vault.state.accounts.filter((account) => this.#isDue(account));
    const gap = Math.min(longestGapMs, spreadMs / due.length);
    for (const account of due) {
      if (this.#stopped.signal.aborted) return;
      // Its failure is recorded, said and followed up where it happens.
      await renewals.ensure(account, 'background').catch(() => {});
      if (account !== due.at(-1)) await this.#rest(Math.random() * gap);
    }
    // Only now: a sign-in that was near its end when the machine came up is renewed, and there is nothing to warn of.
    news.warn(vault.state);
  }

  /** Ends early when everything stops. */
  async #rest(ms: number): Promise<void> {
    await this.#parts.clock.sleep(ms, this.#stopped.signal).catch(() => {});
  }

  #isDue(account: AccountRecord): boolean {
    const { clock, lifetimes } = this.#parts;
    const { sealed, refreshExpiresAt } = account.tokens;
    const renewable = refreshExpiresAt !== null && refreshExpiresAt > clock.now();
    return !account.ended && sealed !== null && renewable && lifetimes.due(account);
  }
}

function readClocks(clock: Clock): { wall: number; monotonic: number } {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}
