import { useEffect, useRef, useState } from 'react';

/** A value that changes often, taken at most once in `everyMs`. The last one always comes. */
export function useCalm<T>(value: T, everyMs: number): T {
  const [taken, setTaken] = useState(value);
  const newest = useRef(value);
  const takenAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    newest.current = value;
    if (timer.current !== undefined || value === taken) return;
    const wait = Math.max(0, takenAt.current + everyMs - performance.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      takenAt.current = performance.now();
      setTaken(newest.current);
    }, wait);
  }, [value, taken, everyMs]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return taken;
}
