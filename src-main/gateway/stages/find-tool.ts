import { Fault } from '../../base/fault.ts';
import type { Stage } from '../call.ts';
import type { Toolset } from '../toolset.ts';

/** Finds the tool by the name the client used; an unknown name gets the nearest known ones. */
export function findTool(toolset: Pick<Toolset, 'find' | 'nearest'>): Stage {
  return (next) => (call) => {
    call.tool = toolset.find(call.toolName);
    if (call.tool) return next(call);
    throw new Fault('unknown_tool', { details: { didYouMean: toolset.nearest(call.toolName) } });
  };
}
