import { useState } from 'react';
import { useCalm } from './use-calm.ts';

/** A number that grows when `key` changes, once a second at most: what was asked for is asked for again. */
export function useRevision(key: string): number {
  const calm = useCalm(key, 1000);
  const [seen, setSeen] = useState({ key: calm, count: 0 });
  if (seen.key === calm) return seen.count;
  setSeen({ key: calm, count: seen.count + 1 });
  return seen.count + 1;
}
