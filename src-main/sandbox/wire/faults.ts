import { z } from 'zod';

/** How a request goes wrong. What each kind does is in spoil.ts. */
export const faultSchema = z.strictObject({
  method: z.string().toUpperCase().optional(),
  /** Exact, or a prefix when it ends in `*`. */
  path: z.string().startsWith('/'),
  times: z.int().positive().default(1),
  kind: z.enum(['code', 'status', 'delay', 'reset', 'drip', 'html', 'disconnect', 'truncate', 'redirect', 'rate']),
  code: z.int().optional(),
  msg: z.string().optional(),
  status: z.int().min(200).max(599).optional(),
  /** Of `delay`: the wait. Of `drip`: the wait between two bytes. */
  delayMs: z.int().nonnegative().default(1000),
  resetSeconds: z.int().nonnegative().default(1),
  location: z.url().default('http://other-host.invalid/'),
  /** `after`: the request takes effect and only its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
});

export type InjectedFault = z.infer<typeof faultSchema>;

/** Faults that wait for their requests, oldest first. */
export class FaultList {
  #waiting: InjectedFault[] = [];

  add(fault: InjectedFault): void {
    this.#waiting.push({ ...fault });
  }

  /** The fault for this request, if any; one of its times is used up. */
  take(method: string, path: string): InjectedFault | undefined {
    if (this.#waiting.length === 0) return undefined;
    const fault = this.#waiting.find((one) => fits(one, method, path));
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.#waiting = this.#waiting.filter((one) => one !== fault);
    return fault;
  }

  list(): InjectedFault[] {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting = [];
  }
}

function fits(fault: InjectedFault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  return fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : path === fault.path;
}
