import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallView } from '../src-main/contract/views.ts';
import { CallFeed, type CallFeedView } from './call-feed.ts';
import type { CallFilter } from './call-query.ts';

/**
 * Recorded calls, read where they are looked at and followed by those that begin. `live` are the newest calls of the
 * gateway. The filter of the first render holds: another filter is another list.
 */
export function useCallFeed(
  wanted: CallFilter,
  live: CallView[],
): CallFeedView & { look: (first: number, last: number) => void } {
  const [filter] = useState(wanted);
  const [view, setView] = useState<CallFeedView>({ list: undefined, error: null });
  const feed = useRef<CallFeed>(undefined);
  useEffect(() => {
    const own = new CallFeed(filter, setView);
    feed.current = own;
    return () => own.stop();
  }, [filter]);
  useEffect(() => feed.current?.follow(live), [live]);
  const look = useCallback((first: number, last: number) => feed.current?.look(first, last), []);
  return { ...view, look };
}
