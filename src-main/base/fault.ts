import { type FaultBody, type FaultCode, type FaultKind, faultCodes } from '../contract/fault-codes.ts';
import type { Words } from '../contract/words.ts';

export interface FaultOptions {
  /** Replaces the table's sentence where more can be said. */
  words?: Words;
  retryAfterMs?: number;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error of this project. `message` is the English sentence; `cause` keeps what was thrown, for the log only. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly words: Words;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: FaultCode, options: FaultOptions = {}) {
    const words = options.words ?? faultCodes[code].words;
    super(words.en, { cause: options.cause });
    this.code = code;
    this.words = words;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }

  get kind(): FaultKind {
    return faultCodes[this.code];
  }

  toBody(): FaultBody {
    return {
      code: this.code,
      words: this.words,
      retryable: this.kind.retryable,
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.details !== undefined && { details: this.details }),
    };
  }

  /** Turns anything thrown into a fault: the one place that does. */
  static from(thrown: unknown): Fault {
    if (thrown instanceof Fault) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') return new Fault('canceled', { cause: thrown });
    return new Fault('internal', { cause: thrown });
  }
}

/** The fault that says two more things than the table: which field, and what is wrong with it. */
export function fieldFault(code: FaultCode, field: string, zh: string, en: string): Fault {
  return new Fault(code, { words: { zh, en }, details: { field } });
}
