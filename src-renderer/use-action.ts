import { useState } from 'react';
import type { Words } from '../src-main/contract/words.ts';
import { ControlError } from './control-client.ts';

export interface Action {
  busy: boolean;
  /** Why it did not work the last time. */
  error: Words | null;
  run: (work: () => Promise<void>) => Promise<void>;
}

/** Something a person asked the gateway to do: whether it is under way, and why it failed. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Words | null>(null);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (thrown) {
      setError(ControlError.from(thrown).words);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, run };
}
