import { useCallback, useEffect, useState } from 'react';
import type { CallView } from '../src-main/contract/views.ts';
import { type CallFilter, type CallList, catchUp } from './call-list.ts';
import { callControl, ControlError } from './control-client.ts';

export interface CallPages {
  calls: CallView[];
  loading: boolean;
  error: ControlError | null;
  /** Null when everything is there. */
  more: (() => void) | null;
}

const pageSize = 100;

/**
 * Recorded calls page by page, followed by those that begin. `live` are the newest calls of the gateway. The filter of
 * the first render holds: another filter is another list.
 */
export function useCallPages(wanted: CallFilter, live: CallView[]): CallPages {
  const [filter] = useState(wanted);
  const [list, setList] = useState<CallList>();
  const [error, setError] = useState<ControlError | null>(null);
  const load = useCallback(
    async (before: CallList | undefined, signal?: AbortSignal) => {
      try {
        const from = before?.next ? { before: before.next } : {};
        const page = await callControl('calls', { ...filter, ...from, limit: pageSize }, signal);
        if (signal?.aborted) return;
        const calls = [...(before?.calls ?? []), ...page.calls];
        setList({ calls, next: page.next, keep: calls.length + pageSize, newest: before?.newest });
        setError(null);
      } catch (thrown) {
        if (!signal?.aborted) setError(ControlError.from(thrown));
      }
    },
    [filter],
  );
  const missing = list === undefined;
  useEffect(() => {
    if (!missing) return undefined;
    const stop = new AbortController();
    void load(undefined, stop.signal);
    return () => stop.abort();
  }, [missing, load]);
  useEffect(() => setList((before) => before && catchUp(before, live, filter)), [live, filter]);
  const current = list && catchUp(list, live, filter);
  return {
    calls: current?.calls ?? [],
    loading: !current && !error,
    error,
    more: current?.next ? () => void load(current) : null,
  };
}
