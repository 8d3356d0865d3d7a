import type { ControlMethod, ControlOutput, ParsedControlInput } from '../contract/control.ts';

/** One function per method of the control API. A rejected one answers with its Fault. */
export type Handlers = {
  [M in ControlMethod]: (input: ParsedControlInput<M>) => ControlOutput<M> | Promise<ControlOutput<M>>;
};
