import type { Fault } from '../base/fault.ts';
import type { Language } from '../contract/words.ts';
import type { ToolResult } from '../providers/provider.ts';

/** The MCP form of a fault: a tool result that a model can act on and a person can read. */
export function faultResult(fault: Fault, language: Language): ToolResult {
  const error = {
    code: fault.code,
    message: fault.words[language],
    retryable: fault.kind.retryable,
    ...(fault.retryAfterMs !== undefined && { retryAfterMs: fault.retryAfterMs }),
    ...fault.details,
  };
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error }) }] };
}
