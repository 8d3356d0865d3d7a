import type { Clock } from '../../base/clock.ts';
import { canonicalJson, sha256 } from '../../base/digest.ts';
import type { EventBus } from '../../base/event-bus.ts';
import { Fault } from '../../base/fault.ts';
import type { Log } from '../../base/log.ts';
import type { Language } from '../../contract/words.ts';
import type { CallView, Outcome } from '../../contract/views.ts';
import type { Call, Stage } from '../call.ts';
import { faultResult } from '../fault-result.ts';
import type { RunningCalls } from '../running-calls.ts';

interface RecordParts {
  clock: Clock;
  bus: EventBus;
  log: Log;
  language: Language;
  running: RunningCalls;
}

/**
 * Publishes the beginning and the end of every call, and turns a fault into the result that the client reads. It is
 * the outermost stage, so nothing a call does goes unrecorded.
 */
export function record({ clock, bus, log, language, running }: RecordParts): Stage {
  return (next) => async (call) => {
    const startedAt = clock.now();
    const started = clock.monotonic();
    const argumentsSha256 = sha256(canonicalJson(call.input ?? {}));
    bus.publish({ kind: 'call.started', call: viewOf(call, { startedAt, argumentsSha256 }) });
    let ended = false;
    const finish = (outcome: Outcome) => {
      if (ended) return;
      ended = true;
      const ms = clock.monotonic() - started;
      bus.publish({ kind: 'call.finished', call: viewOf(call, { startedAt, argumentsSha256, ms, outcome }) });
    };
    const end = running.begin(() => finish('unknown'));
    try {
      const result = await next(call);
      finish(result.isError ? 'error' : 'ok');
      return result;
    } catch (thrown) {
      const fault = Fault.from(thrown);
      call.facts.fault = fault.code;
      if (fault.code === 'internal')
        log.error({ call: call.id, tool: call.toolName, err: thrown }, 'call failed inside');
      finish(outcomeOf(fault));
      return faultResult(fault, language);
    } finally {
      end();
    }
  };
}

function outcomeOf(fault: Fault): Outcome {
  if (fault.code === 'canceled') return 'canceled';
  return fault.code === 'rate_limited' || fault.code === 'paused' ? 'refused' : 'error';
}

function viewOf(
  call: Call,
  times: { startedAt: number; argumentsSha256: string; ms?: number; outcome?: Outcome },
): CallView {
  return {
    id: call.id,
    sessionId: call.session.shortId,
    keyId: call.caller.keyId,
    client: call.session.client?.name ?? null,
    accountId: call.accountId,
    tool: call.toolName.slice(0, 128),
    provider: call.tool?.provider ?? null,
    risk: call.tool?.risk ?? null,
    startedAt: times.startedAt,
    ms: times.ms === undefined ? null : Math.round(times.ms * 100) / 100,
    upstreamMs: Math.round(call.facts.upstreamMs * 100) / 100,
    outcome: times.outcome ?? null,
    fault: call.facts.fault,
    upstreamCode: call.facts.upstreamCode,
    logId: call.facts.logId,
    argumentsSha256: times.argumentsSha256,
  };
}
