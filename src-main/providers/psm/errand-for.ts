import type { Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import type { ToolContext } from '../provider.ts';
import type { Errand } from './intranet-link.ts';

const marginMs = 250;

/** Does `work` within `totalMs`. Its requests end a moment earlier, so that what some of them brought can still be told. */
export async function errandFor<T>(
  { clock, totalMs }: { clock: Clock; totalMs: number },
  context: Pick<ToolContext, 'signal' | 'answered'>,
  work: (errand: Errand) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(clock, totalMs, context.signal);
  try {
    return await work({
      signal: deadline.signal,
      endsAt: clock.monotonic() + Math.max(1, totalMs - marginMs),
      isLate: () => deadline.late && !context.signal.aborted,
      answered: (exchange) => context.answered(exchange),
    });
  } finally {
    deadline.end();
  }
}
