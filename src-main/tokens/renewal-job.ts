import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { faultBodySchema, faultOf } from '../base/fault-body.ts';
import type { RenewalResult } from './renewal.ts';

/** What a renewal outside of this process needs to know. Holds the key: it travels through a pipe and nowhere else. */
export const renewalJobSchema = z.object({
  dataFolder: z.string(),
  masterKeyHex: z.string(),
  accountId: z.string(),
  tokensId: z.string(),
});
export type RenewalJob = z.infer<typeof renewalJobSchema>;

/** Runs `renewAccount` in another process. Undefined: it could not be started or died, and the vault says how far it came. */
export type Renewer = (job: RenewalJob) => Promise<RenewalResult | undefined>;

/** A `RenewalResult` as JSON. `refused`: it ended before the refresh token was spent. */
const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unneeded') }),
  z.object({ kind: z.literal('renewed'), ms: z.number(), clockSkewMs: z.number().nullable() }),
  z.object({ kind: z.enum(['failed', 'sign_in_needed']), ms: z.number(), fault: faultBodySchema }),
  z.object({ kind: z.literal('refused'), fault: faultBodySchema }),
]);

/** One line for the pipe: how the work ended, thrown faults included. */
export async function writeOutcome(work: () => Promise<RenewalResult>): Promise<string> {
  const outcome = await work().then(
    (result) => ('fault' in result ? { ...result, fault: result.fault.toBody() } : result),
    (thrown: unknown) => ({ kind: 'refused', fault: Fault.from(thrown).toBody() }),
  );
  return JSON.stringify(outcome);
}

/** The other end of `writeOutcome`. */
export function readOutcome(text: string): RenewalResult {
  const outcome = outcomeSchema.parse(JSON.parse(text));
  if (outcome.kind === 'refused') throw faultOf(outcome.fault);
  return 'fault' in outcome ? { ...outcome, fault: faultOf(outcome.fault) } : outcome;
}
