import { defaultRangeExtractor, type Range, type Virtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { ToolRow } from './tool-list.ts';

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

export interface RowFocus {
  container: RefObject<HTMLDivElement | null>;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
  /** The lines to draw: those in sight, and the one with the focus. */
  range: (range: Range) => number[];
  follow: (list: Pick<List, 'scrollToIndex'>) => void;
}

/** The focus in a list of which only a part is drawn. `from` is the tool whose line has it at first. */
export function useRowFocus(rows: readonly ToolRow[], from: string | null): RowFocus {
  const container = useRef<HTMLDivElement>(null);
  const list = useRef<Pick<List, 'scrollToIndex'>>(null);
  const [wanted, setWanted] = useState(() => indexOf(rows, from));
  const [kept, setKept] = useState(wanted);
  useEffect(() => {
    if (wanted === null) return;
    const line = container.current?.querySelector<HTMLElement>(`[data-index="${wanted}"] a`);
    list.current?.scrollToIndex(wanted, { align: 'auto' });
    if (!line) return;
    line.focus({ preventScroll: true });
    setWanted(null);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const here = indexAt(event.target);
    const next = here === null ? null : nextIndex(rows, here, event.key);
    if (next === null) return;
    event.preventDefault();
    setKept(next);
    setWanted(next);
  };
  const onFocus = (event: FocusEvent) => setKept(indexAt(event.target));
  const range = useCallback(
    (shown: Range) => {
      const indexes = defaultRangeExtractor(shown);
      const extra = kept !== null && kept < shown.count && !indexes.includes(kept) ? [kept] : [];
      return [...indexes, ...extra].sort((a, b) => a - b);
    },
    [kept],
  );
  const follow = (newest: Pick<List, 'scrollToIndex'>) => {
    list.current = newest;
  };
  return { container, onKeyDown, onFocus, range, follow };
}

function indexOf(rows: readonly ToolRow[], id: string | null): number | null {
  const index = rows.findIndex((row) => row.id === id);
  return index < 0 ? null : index;
}

function indexAt(target: EventTarget): number | null {
  const line = target instanceof Element ? target.closest('[data-index]') : null;
  const index = line?.getAttribute('data-index');
  return index ? Number(index) : null;
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

/** The tool that a key leads to; null when the key is for something else, or there is none. */
export function nextIndex(rows: readonly ToolRow[], here: number, key: string): number | null {
  const tools = rows.flatMap((row, index) => (row.kind === 'tool' ? [index] : []));
  if (key === 'Home') return tools[0] ?? null;
  if (key === 'End') return tools.at(-1) ?? null;
  const step = steps[key];
  if (step === undefined) return null;
  const place = tools.indexOf(here) + step;
  return tools[Math.min(Math.max(place, 0), tools.length - 1)] ?? null;
}
