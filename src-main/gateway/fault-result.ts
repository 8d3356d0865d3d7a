import type { Fault } from '../base/fault.ts';
import type { Language } from '../contract/words.ts';
import type { ToolResult } from '../providers/provider.ts';

/** The MCP form of a fault: a tool result that a model can act on and a person can read. */
export function faultResult(fault: Fault, language: Language): ToolResult {
  // The upstream's own code must not stand where ours does.
  const { code: upstreamCode, ...details } = fault.details ?? {};
  const error = {
    ...details,
    ...(upstreamCode !== undefined && { upstreamCode }),
    code: fault.code,
    message: fault.words[language],
    retryable: fault.kind.retryable,
    ...(fault.retryAfterMs !== undefined && { retryAfterMs: fault.retryAfterMs }),
  };
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error }) }] };
}
