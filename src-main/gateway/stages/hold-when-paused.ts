import { Fault } from '../../base/fault.ts';
import type { Stage } from '../call.ts';

/** While a person has paused the gateway, tools can be listed and none runs. */
export function holdWhenPaused(paused: () => boolean): Stage {
  return (next) => (call) => {
    if (paused()) throw new Fault('paused');
    return next(call);
  };
}
