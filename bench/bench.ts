import type { Generator } from './workers.ts';

/** What every measurement needs. */
export interface Bench {
  generator: Generator;
  upstreamUrl: string;
  /** A temporary folder for all that the servers write. */
  scratch: string;
}
