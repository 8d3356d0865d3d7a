import type { Language } from '../../contract/words.ts';
import type { ToolResult } from '../provider.ts';
import type { Meaning } from './dingtalk-codes.ts';
import type { Refusal } from './refusal.ts';

export type ToolName = 'create_doc' | 'get_doc' | 'update_doc' | 'list_docs';

const bodies = {
  AUTH_ERROR: 'Authentication failed',
  PERMISSION_DENIED: 'Insufficient permissions',
  INVALID_PARAMS: 'Invalid parameters',
  NOT_FOUND: 'Document not found',
  CONFLICT_ERROR: 'Content conflict',
  DINGTALK_ERROR: 'DingTalk API error',
} as const;

type SeedCode = keyof typeof bodies;

const withDetails: ReadonlySet<SeedCode> = new Set<SeedCode>(['INVALID_PARAMS', 'DINGTALK_ERROR']);

/** The code that a refusal has in the table of that tool. What a table lacks is a `DINGTALK_ERROR`. */
function seedCode(tool: ToolName, meaning: Meaning): SeedCode {
  const names = tool === 'get_doc' || tool === 'update_doc' ? 'document' : 'place';
  switch (meaning) {
    case 'auth':
      return 'AUTH_ERROR';
    case 'permission':
      return 'PERMISSION_DENIED';
    case 'missing':
      return names === 'document' ? 'NOT_FOUND' : 'INVALID_PARAMS';
    case 'place':
    case 'input':
      return names === 'place' ? 'INVALID_PARAMS' : 'DINGTALK_ERROR';
    case 'conflict':
      return tool === 'update_doc' ? 'CONFLICT_ERROR' : 'DINGTALK_ERROR';
    default:
      return 'DINGTALK_ERROR';
  }
}

/** The error body of the specification: these keys and no other. */
export function errorResult(code: SeedCode, details: string): ToolResult {
  const body = { error: bodies[code], code, ...(withDetails.has(code) && { details }) };
  return { isError: true, content: [{ type: 'text', text: JSON.stringify(body) }], structuredContent: body };
}

export function refusalResult(tool: ToolName, refusal: Refusal, language: Language): ToolResult {
  return errorResult(seedCode(tool, refusal.meaning), refusal.words[language]);
}
