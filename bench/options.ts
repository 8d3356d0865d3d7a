import { parseArgs } from 'node:util';

export interface Options {
  concurrency: number[];
  /** Milliseconds of load per measurement. */
  ms: number;
  rounds: number;
  coldStarts: number;
  /** Whether the whole programme runs; only then are the results worth keeping. */
  full: boolean;
  json: boolean;
}

/** Reads `[--quick] [-c N ...] [--json]`. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      concurrency: { type: 'string', short: 'c', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const concurrency = values.concurrency?.map(toCount) ?? [1, 8, 80];
  const full = !values.quick && !values.concurrency;
  const effort = values.quick ? { ms: 1000, rounds: 1, coldStarts: 1 } : { ms: 4000, rounds: 3, coldStarts: 5 };
  return { concurrency, full, json: values.json, ...effort };
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new Error(`-c takes a number from 1 to 1000, not ${text}`);
  return count;
}
