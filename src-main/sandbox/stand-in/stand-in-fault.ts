import { z } from 'zod';

/** How a request goes wrong. */
export const standInFaultSchema = z.strictObject({
  method: z.string().toUpperCase().optional(),
  /** Exact, or a prefix when it ends in `*`. */
  path: z.string().startsWith('/'),
  times: z.int().positive().default(1),
  /** `answer` sends `status`, `type` and `body`; a name of the stand-in's own sends what it knows under it. */
  kind: z.string().default('answer'),
  status: z.int().min(200).max(599).default(200),
  type: z.string().default('application/json;charset=utf-8'),
  body: z.string().default('{}'),
  /** Of `delay`: the wait. Of `drip`: the wait between two bytes. */
  delayMs: z.int().nonnegative().default(1000),
  location: z.url().default('http://other-host.invalid/'),
  /** `after`: the request takes effect and only its answer is another. */
  when: z.enum(['before', 'after']).default('before'),
});

export type StandInFault = z.infer<typeof standInFaultSchema>;
export type StandInFaultInput = z.input<typeof standInFaultSchema>;

/** Faults that wait for their requests, oldest first. */
export class StandInFaults {
  #waiting: StandInFault[] = [];

  add(fault: StandInFaultInput): void {
    this.#waiting.push(standInFaultSchema.parse(fault));
  }

  /** The fault for this request, if any; one of its times is used up. */
  take(method: string, path: string): StandInFault | undefined {
    const fault = this.#waiting.find((one) => fits(one, method, path));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#waiting = this.#waiting.filter((one) => one !== fault);
    return fault;
  }

  list(): StandInFault[] {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting = [];
  }
}

function fits(fault: StandInFault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  return fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : path === fault.path;
}
