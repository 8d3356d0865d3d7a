import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { TokenSet } from './credential.ts';
import type { Deadline } from './deadline.ts';
import type { DeviceGrant, DevicePoll, TokenIssuer } from './issuer.ts';
import { answerLost } from './login-words.ts';

export interface DeviceFlowParts {
  clock: Clock;
  issuer: Pick<TokenIssuer, 'pollDevice'>;
  signal: AbortSignal;
  /** Whether Feishu can be reached, each time that is found out. */
  onReached(reached: boolean): void;
}

const slowDownMs = 5000;
const networkMs = 1000;
const longestMs = 60_000;

/**
 * Waits until the person has confirmed (RFC 8628), never asking more often than told. Rejects with `login_expired`,
 * `login_denied`, what else stood in the way, or the signal's reason. A network fault is nothing but a longer pause.
 */
export async function awaitGrant(
  parts: DeviceFlowParts,
  { deviceCode, intervalMs }: DeviceGrant,
  deadline: Deadline,
): Promise<TokenSet> {
  const { clock, signal } = parts;
  let pauseMs = intervalMs;
  let lost = false;
  for (;;) {
    await clock.sleep(Math.min(pauseMs, Math.max(deadline.left(), 0)), signal);
    signal.throwIfAborted();
    if (deadline.left() <= 0) throw new Fault('login_expired');
    const answer = await ask(parts, deviceCode, lost);
    if (answer.kind === 'granted') return answer.tokens;
    pauseMs = nextPause(pauseMs, answer);
    lost ||= answer.kind === 'unreached' && answer.fault.details?.sent !== false;
  }
}

type Answer = DevicePoll | { kind: 'unreached'; fault: Fault };

async function ask({ issuer, onReached }: DeviceFlowParts, deviceCode: string, lost: boolean): Promise<Answer> {
  try {
    const answer = await issuer.pollDevice(deviceCode);
    onReached(true);
    return answer;
  } catch (thrown) {
    const fault = Fault.from(thrown);
    // It was not the link that ended: a "yes" was on its way when the network broke.
    if (fault.code === 'login_expired' && lost) throw new Fault('login_failed', { words: answerLost, cause: fault });
    if (!fault.kind.retryable) throw fault;
    onReached(false);
    return { kind: 'unreached', fault };
  }
}

/** How long to wait before asking again. It only ever grows, up to a minute, unless more is asked for. */
export function nextPause(pauseMs: number, answer: Answer): number {
  switch (answer.kind) {
    case 'slow_down':
      return grow(pauseMs, slowDownMs);
    case 'unreached':
      return Math.max(grow(pauseMs, networkMs), answer.fault.retryAfterMs ?? 0);
    case 'pending':
    case 'granted':
      return pauseMs;
  }
}

function grow(pauseMs: number, byMs: number): number {
  return Math.max(pauseMs, Math.min(pauseMs + byMs, longestMs));
}
