import type { Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import { Fault } from '../../base/fault.ts';
import type { Config } from '../../contract/config.ts';
import type { EventBus } from '../../base/event-bus.ts';
import type { Tool, ToolContext, ToolResult } from '../../providers/provider.ts';
import type { Credential } from '../../tokens/credential.ts';
import type { Call, Handler } from '../call.ts';

interface DispatchParts {
  clock: Clock;
  bus: EventBus;
  limits: Config['limits'];
  accounts: { renew(refused: Credential): Promise<Credential> };
}

/** Checks the arguments and runs the tool, with a deadline of its own. */
export function dispatch(parts: DispatchParts): Handler {
  return (call) => {
    if (!call.tool) throw new Fault('unknown_tool');
    return checkAndRun(call.tool, call, parts);
  };
}

async function checkAndRun(tool: Tool, call: Call, parts: DispatchParts): Promise<ToolResult> {
  const input: unknown = call.input ?? {};
  tool.check(input);
  return withDeadline(parts, call.signal, (signal) => tool.run(input, contextOf(parts, call, signal)));
}

function contextOf({ accounts, bus }: DispatchParts, call: Call, signal: AbortSignal): ToolContext {
  return {
    credential: call.credential,
    renew: (refused) => {
      // A token that the client brought is not ours to renew.
      if (call.caller.manualToken !== null) throw new Fault('sign_in_again', { words: manualTokenEnded });
      return accounts.renew(refused);
    },
    signal,
    say: call.say,
    answered: ({ ms, status, code, logId }) => {
      call.facts.upstreamMs += ms;
      call.facts.upstreamCode = code;
      call.facts.logId = logId ?? call.facts.logId;
      bus.publish({ kind: 'upstream.answered', provider: call.tool?.provider ?? 'unknown', status, ms });
    },
  };
}

const manualTokenEnded = {
  zh: '客户端自带的 user_access_token 已失效（有效期两小时）。请换一个，或去掉它并登录。',
  en: 'The user_access_token that the client sent is no longer valid (they last two hours). Send another, or leave it out and sign in.',
};

async function withDeadline<T>(
  { clock, limits }: DispatchParts,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(clock, limits.callMs, outer);
  try {
    return await work(deadline.signal);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.code !== 'canceled' || !deadline.late) throw fault;
    throw new Fault('timeout', { cause: fault, details: { afterMs: limits.callMs } });
  } finally {
    deadline.end();
  }
}
