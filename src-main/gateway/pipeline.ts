import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../contract/config.ts';
import { type Handler, through } from './call.ts';
import type { RunningCalls } from './running-calls.ts';
import { type AuthorizeParts, authorize } from './stages/authorize.ts';
import { dispatch } from './stages/dispatch.ts';
import { findTool } from './stages/find-tool.ts';
import { holdWhenPaused } from './stages/hold-when-paused.ts';
import { record } from './stages/record.ts';
import type { Credential } from '../tokens/credential.ts';
import type { Toolset } from './toolset.ts';

export interface PipelineParts extends AuthorizeParts {
  accounts: AuthorizeParts['accounts'] & { renew(refused: Credential): Promise<Credential> };
  clock: Clock;
  bus: EventBus;
  log: Log;
  toolset: Pick<Toolset, 'find' | 'nearest'>;
  running: RunningCalls;
  limits: Config['limits'];
  /** Whether a person has paused the gateway. */
  paused(): boolean;
  language: Config['tools']['language'];
}

/** What a tool call goes through, in order. The limit was already taken at the door, before the body reached a session. */
export function createPipeline(parts: PipelineParts): Handler {
  return through(
    [record(parts), holdWhenPaused(parts.paused), findTool(parts.toolset), authorize(parts)],
    dispatch(parts),
  );
}
