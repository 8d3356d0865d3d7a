import { randomUUID } from 'node:crypto';
import type { FaultCode } from '../contract/fault-codes.ts';
import type { Tool, ToolResult } from '../providers/provider.ts';
import type { Credential } from '../tokens/credential.ts';
import type { Caller } from './caller.ts';
import type { Session } from './session.ts';

/** One tool call on its way through the stages. Each stage adds what it knows. */
export interface Call {
  readonly id: string;
  readonly caller: Caller;
  readonly session: Session;
  readonly toolName: string;
  /** As the client sent them; only `dispatch` looks inside. */
  readonly input: unknown;
  readonly signal: AbortSignal;
  readonly say: (level: 'info' | 'warning', text: string) => void;
  tool: Tool | undefined;
  credential: Credential | undefined;
  accountId: string | null;
  readonly facts: CallFacts;
}

/** What the record needs and only later stages learn. */
export interface CallFacts {
  upstreamMs: number;
  upstreamCode: number | null;
  logId: string | null;
  fault: FaultCode | null;
}

/** A call at its beginning: nothing is known of it but what came with the request. */
export function newCall(request: Pick<Call, 'caller' | 'session' | 'toolName' | 'input' | 'signal' | 'say'>): Call {
  return {
    ...request,
    id: randomUUID(),
    tool: undefined,
    credential: undefined,
    accountId: null,
    facts: { upstreamMs: 0, upstreamCode: null, logId: null, fault: null },
  };
}

export type Handler = (call: Call) => Promise<ToolResult>;
export type Stage = (next: Handler) => Handler;

/** Puts stages around each other: the first is the outermost. */
export function through(stages: Stage[], last: Handler): Handler {
  return stages.reduceRight((next, stage) => stage(next), last);
}
