import { useCallback, useEffect, useRef, useState } from 'react';
import type { ToolListView } from '../src-main/contract/tool-views.ts';
import { callControl, ControlError } from './control-client.ts';
import { predicted } from './tool-list.ts';
import { useAnswer } from './use-answer.ts';

export interface Tools {
  list: ToolListView | undefined;
  /** Why the list could not be read. */
  error: ControlError | null;
  reload: () => void;
  /** Enables what `by` makes of the newest list. Changes wait for one another, so that none is lost. */
  change: (by: (list: ToolListView) => string[]) => void;
  changing: boolean;
  /** Why the last change was refused. */
  changeError: ControlError | null;
  /** False after a change that ends with the process. */
  kept: boolean;
}

/** All tools there are, and the way to switch them. */
export function useTools(revision: number): Tools {
  const { answer: list, error, set, reload } = useAnswer('tools', {}, revision);
  const [changing, setChanging] = useState(0);
  const [changeError, setChangeError] = useState<ControlError | null>(null);
  const [kept, setKept] = useState(true);
  const newest = useRef(list);
  const queue = useRef(Promise.resolve());
  useEffect(() => {
    newest.current = list;
  }, [list]);
  const change = useCallback(
    (by: (list: ToolListView) => string[]) => {
      if (!newest.current) return;
      const enabled = by(newest.current);
      const expected = predicted(newest.current, enabled);
      const apply = async () => {
        try {
          const { kept: isKept, ...changed } = await callControl('setTools', { enabled });
          // A later switch has gone further already.
          if (newest.current === expected) set(changed);
          setKept(isKept);
          setChangeError(null);
        } catch (thrown) {
          setChangeError(ControlError.from(thrown));
          reload();
        } finally {
          setChanging((count) => count - 1);
        }
      };
      newest.current = expected;
      set(expected);
      setChanging((count) => count + 1);
      queue.current = queue.current.then(() => apply());
    },
    [set, reload],
  );
  return { list, error, reload, change, changing: changing > 0, changeError, kept };
}
