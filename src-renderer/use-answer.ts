import { useCallback, useEffect, useState } from 'react';
import type { ControlInput, ControlMethod, ControlOutput } from '../src-main/contract/control.ts';
import { callControl, ControlError } from './control-client.ts';

export interface Answered<M extends ControlMethod> {
  /** The newest one; it stays while another is asked for. */
  answer: ControlOutput<M> | undefined;
  error: ControlError | null;
  /** Takes an answer that came another way. */
  set: (answer: ControlOutput<M>) => void;
  /** Asks again. */
  reload: () => void;
}

/** What the gateway answers to a question, asked again whenever `revision` changes. */
export function useAnswer<M extends ControlMethod>(method: M, input: ControlInput<M>, revision: number): Answered<M> {
  const [answer, setAnswer] = useState<ControlOutput<M>>();
  const [error, setError] = useState<ControlError | null>(null);
  const [tries, setTries] = useState(0);
  const question = JSON.stringify(input);
  useEffect(() => {
    const stop = new AbortController();
    const asked: ControlInput<M> = JSON.parse(question);
    const ask = async () => {
      try {
        const given = await callControl(method, asked, stop.signal);
        if (stop.signal.aborted) return;
        setAnswer(given);
        setError(null);
      } catch (thrown) {
        if (!stop.signal.aborted) setError(ControlError.from(thrown));
      }
    };
    void ask();
    return () => stop.abort();
  }, [method, question, revision, tries]);
  return {
    answer,
    error,
    set: useCallback((given: ControlOutput<M>) => setAnswer(given), []),
    reload: useCallback(() => setTries((count) => count + 1), []),
  };
}
