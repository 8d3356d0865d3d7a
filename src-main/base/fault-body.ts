import { z } from 'zod';
import { type FaultCode, faultCodes } from '../contract/fault-codes.ts';
import { Fault } from './fault.ts';

/** A `FaultBody` from another process. */
export const faultBodySchema = z.object({
  code: z.custom<FaultCode>((code) => typeof code === 'string' && Object.hasOwn(faultCodes, code)),
  words: z.object({ zh: z.string(), en: z.string() }),
  retryAfterMs: z.number().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** The fault again that a body was made of. */
export function faultOf({ code, words, retryAfterMs, details }: z.infer<typeof faultBodySchema>): Fault {
  return new Fault(code, {
    words,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(details !== undefined && { details }),
  });
}
