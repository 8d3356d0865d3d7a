import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Brand } from '../contract/views.ts';
import type { Host } from '../base/host.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import { renewalNotice } from './account-news.ts';
import { type AccountRecord, whySignInAgain } from './account-record.ts';
import { forgetClockSkew, noteClockSkew } from './clock-skew.ts';
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
  issuerOf(appId: string, brand: Brand): TokenIssuer;
  renewer?: Renewer;
}

interface Setback {
  failures: number;
  /** Monotonic. */
  at: number;
  /** How long no other try is made. */
  pauseMs: number;
  fault: Fault;
}

/** Whether somebody waits for the new tokens. */
export type Asker = 'call' | 'background';

const waitMs = 10_000;
const firstPauseMs = 1000;
const longestPauseMs = 5 * 60_000;
/** For a call while Feishu cannot be reached: a network is back sooner than a service, and trying costs nobody anything. */
const longestPauseOffMs = 10_000;

/** One renewal at a time per token pair, shared by all who wait; after a failure a growing pause. */
export class Renewals {
  readonly #parts: RenewalsParts;
  readonly #flights = new Map<string, Promise<void>>();
  readonly #setbacks = new Map<string, Setback>();

  constructor(parts: RenewalsParts) {
    this.#parts = parts;
  }

  /** Resolves when the account has other tokens than these. Rejects after ten seconds; the renewal itself goes on. */
  async ensure(record: AccountRecord, asker: Asker = 'call'): Promise<void> {
    let disarm = () => {};
    const late = new Promise<never>((_, reject) => {
      disarm = this.#parts.clock.after(waitMs, () => reject(tooSlow()));
    });
    try {
      await Promise.race([this.#flight(record, asker), late]);
    } finally {
      disarm();
    }
  }

  /** Lets the next call try again at once, for what stood in the way may be gone. */
  forgiveAll(): void {
    this.#setbacks.clear();
  }

  /** The wall clock ran on its own: the machine slept, or its clock was set. */
  clockMoved(): void {
    this.forgiveAll();
    forgetClockSkew(this.#parts.notices);
  }

  /** Resolves when no renewal is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }

  async #flight(record: AccountRecord, asker: Asker): Promise<void> {
    const flight = this.#flights.get(record.tokens.id);
    if (flight) return flight;
    this.#refuse(record, asker);
    const mine = this.#run(record).finally(() => this.#flights.delete(record.tokens.id));
    this.#flights.set(record.tokens.id, mine);
    return mine;
  }

  /** Throws where no try is to be made: never without a refresh token, and not yet after a failure. */
  #refuse(record: AccountRecord, asker: Asker): void {
    const { clock } = this.#parts;
    if (record.tokens.refreshExpiresAt === null) {
      const words = whySignInAgain(record, 0, clock.now());
      throw new Fault('sign_in_again', words ? { words } : {});
    }
    const setback = this.#setbacks.get(record.id);
    if (!setback) return;
    const { fault, pauseMs, at } = setback;
    const most = asker === 'call' && isOff(fault) ? longestPauseOffMs : Infinity;
    const left = at + Math.min(pauseMs, most) - clock.monotonic();
    if (left > 0) throw again(fault, left);
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
      this.#succeeded(accountId);
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

  /** What could not be reached before can be reached now: the others need not wait any longer either. */
  #succeeded(accountId: string): void {
    const before = this.#setbacks.get(accountId);
    this.#setbacks.delete(accountId);
    if (!before || !isOff(before.fault)) return;
    for (const setback of this.#setbacks.values()) if (isOff(setback.fault)) setback.pauseMs = 0;
  }

  #setBack(accountId: string, fault: Fault): Fault {
    const { clock, notices, log } = this.#parts;
    const failures = (this.#setbacks.get(accountId)?.failures ?? 0) + 1;
    const pauseMs = Math.max(fault.retryAfterMs ?? 0, Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs));
    this.#setbacks.set(accountId, { failures, at: clock.monotonic(), pauseMs, fault });
    log.warn({ accountId, fault: fault.code, upstreamCode: upstreamCode(fault), err: fault.cause }, 'renewal failed');
    const mendable = fault.code === 'storage' || (!fault.kind.retryable && fault.code !== 'sign_in_again');
    if (mendable) notices.raise(renewalNotice(accountId), 'warning', fault.words);
    return fault;
  }
}

/** Whether Feishu could not be reached, or not be heard. */
function isOff(fault: Fault): boolean {
  return fault.code === 'upstream_unreachable' || fault.code === 'timeout';
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
