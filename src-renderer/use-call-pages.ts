import { useCallback, useEffect, useState } from 'react';
import type { ControlInput } from '../src-main/contract/control.ts';
import type { CallView } from '../src-main/contract/views.ts';
import { callControl, ControlError } from './control-client.ts';

export type CallFilter = Pick<ControlInput<'calls'>, 'tool' | 'outcome' | 'accountId' | 'sessionId'>;

export interface CallPages {
  calls: CallView[];
  loading: boolean;
  error: ControlError | null;
  /** Null when everything is there. */
  more: (() => void) | null;
}

interface Loaded {
  calls: CallView[];
  next: string | null;
}

/** Recorded calls page by page, with those on top that began since. `live` are the newest calls of the gateway. */
export function useCallPages(filter: CallFilter, live: CallView[]): CallPages {
  const key = JSON.stringify(filter);
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<ControlError | null>(null);
  const load = useCallback(
    async (before: Loaded | undefined, signal?: AbortSignal) => {
      try {
        const filter: CallFilter = JSON.parse(key);
        const page = await callControl('calls', { ...filter, ...(before?.next && { before: before.next }) }, signal);
        if (signal?.aborted) return;
        setLoaded({ calls: [...(before?.calls ?? []), ...page.calls], next: page.next });
        setError(null);
      } catch (thrown) {
        if (!signal?.aborted) setError(ControlError.from(thrown));
      }
    },
    [key],
  );
  useEffect(() => {
    const stop = new AbortController();
    setLoaded(undefined);
    void load(undefined, stop.signal);
    return () => stop.abort();
  }, [load]);
  return {
    calls: mergeCalls(live, loaded?.calls ?? [], filter),
    loading: !loaded && !error,
    error,
    more: loaded?.next ? () => void load(loaded) : null,
  };
}

/** The newest first. A call that is in both is as the gateway tells it now. */
export function mergeCalls(live: CallView[], recorded: CallView[], filter: CallFilter): CallView[] {
  const now = new Map(live.map((call) => [call.id, call]));
  const known = new Set(recorded.map((call) => call.id));
  const oldest = recorded.at(-1);
  const fresh = live.filter(
    (call) => !known.has(call.id) && (!oldest || call.startedAt >= oldest.startedAt) && matches(call, filter),
  );
  const current = recorded.map((call) => now.get(call.id) ?? call).filter((call) => matches(call, filter));
  return [...fresh, ...current];
}

function matches(call: CallView, { tool, outcome, accountId, sessionId }: CallFilter): boolean {
  return (
    (tool === undefined || call.tool === tool) &&
    (outcome === undefined || call.outcome === outcome) &&
    (accountId === undefined || call.accountId === accountId) &&
    (sessionId === undefined || call.sessionId === sessionId)
  );
}
