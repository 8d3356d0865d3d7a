import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Host } from '../base/host.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import { renewalNotice } from './account-news.ts';
import type { AccountRecord } from './account-record.ts';
import { noteClockSkew } from './clock-skew.ts';
import type { TokenIssuer } from './issuer.ts';
import { renewAccount, type RenewalResult, upstreamCode } from './renewal.ts';
import type { Renewer } from './renewal-job.ts';
import type { Sealer } from './sealed.ts';
import type { Vault } from './vault.ts';

export interface RenewalsParts {
  clock: Clock;
  bus: EventBus;
  notices: Notices;
  log: Log;
  host: Host;
  masterKey: Buffer;
  vault: Vault;
  sealer: Sealer;
  issuerOf(appId: string): TokenIssuer;
  renewer?: Renewer;
}

interface Setback {
  failures: number;
  /** Monotonic time before which no other try is made. */
  until: number;
  fault: Fault;
}

const waitMs = 10_000;
const firstPauseMs = 1000;
const longestPauseMs = 5 * 60_000;

/** One renewal at a time per token pair, shared by all who wait; after a failure a growing pause. */
export class Renewals {
  readonly #parts: RenewalsParts;
  readonly #flights = new Map<string, Promise<void>>();
  readonly #setbacks = new Map<string, Setback>();

  constructor(parts: RenewalsParts) {
    this.#parts = parts;
  }

  /** Resolves when the account has other tokens than these. Rejects after ten seconds; the renewal itself goes on. */
  async ensure(record: AccountRecord): Promise<void> {
    let disarm = () => {};
    const late = new Promise<never>((_, reject) => {
      disarm = this.#parts.clock.after(waitMs, () => reject(tooSlow()));
    });
    try {
      await Promise.race([this.#flight(record), late]);
    } finally {
      disarm();
    }
  }

  /** Lets the next call try again at once, for what stood in the way may be gone. */
  forgiveAll(): void {
    this.#setbacks.clear();
  }

  /** Resolves when no renewal is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #flight(record: AccountRecord): Promise<void> {
    const flight = this.#flights.get(record.tokens.id);
    if (flight) return flight;
    const setback = this.#setbacks.get(record.id);
    const pause = setback ? setback.until - this.#parts.clock.monotonic() : 0;
    if (setback && pause > 0) throw again(setback.fault, pause);
    const mine = this.#run(record).finally(() => this.#flights.delete(record.tokens.id));
    this.#flights.set(record.tokens.id, mine);
    return mine;
  }

  async #run(record: AccountRecord): Promise<void> {
    const { bus, notices, vault } = this.#parts;
    const accountId = record.id;
    try {
      const result = await this.#perform(record);
      if (result.kind !== 'unneeded') {
        const code = 'fault' in result ? upstreamCode(result.fault) : null;
        bus.publish({ kind: 'token.renewal', accountId, outcome: result.kind, code, ms: result.ms });
      }
      if ('fault' in result) throw result.fault;
      if (result.kind === 'renewed') noteClockSkew(notices, result.clockSkewMs);
      this.#setbacks.delete(accountId);
    } catch (thrown) {
      // Whoever failed, other tokens are there by now.
      if (vault.account(accountId)?.tokens.id !== record.tokens.id) return;
      throw this.#setBack(accountId, Fault.from(thrown));
    }
  }

  async #perform(record: AccountRecord): Promise<RenewalResult> {
    const { renewer, vault, host, masterKey } = this.#parts;
    const request = { accountId: record.id, tokensId: record.tokens.id };
    if (renewer) {
      const job = { ...request, dataFolder: host.dataFolder, masterKeyHex: masterKey.toString('hex') };
      try {
        const result = await renewer(job);
        if (result) return result;
      } finally {
        await vault.sync();
      }
    }
    return renewAccount(this.#parts, request);
  }

  #setBack(accountId: string, fault: Fault): Fault {
    const { clock, notices, log } = this.#parts;
    const failures = (this.#setbacks.get(accountId)?.failures ?? 0) + 1;
    const pause = Math.max(fault.retryAfterMs ?? 0, Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs));
    this.#setbacks.set(accountId, { failures, until: clock.monotonic() + pause, fault });
    log.warn({ accountId, fault: fault.code, upstreamCode: upstreamCode(fault), err: fault.cause }, 'renewal failed');
    const mendable = fault.code === 'storage' || (!fault.kind.retryable && fault.code !== 'sign_in_again');
    if (mendable) notices.raise(renewalNotice(accountId), 'warning', fault.words);
    return fault;
  }
}

function again(fault: Fault, retryAfterMs: number): Fault {
  const { words, details } = fault;
  return new Fault(fault.code, { words, retryAfterMs, cause: fault, ...(details && { details }) });
}

function tooSlow(): Fault {
  return new Fault('timeout', {
    words: {
      zh: '飞书登录正在续期，但迟迟没有完成，请稍后再试。',
      en: 'The Feishu sign-in is being renewed, which takes unusually long. Try again in a moment.',
    },
    retryAfterMs: waitMs,
  });
}
