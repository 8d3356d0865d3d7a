import { Badge } from '@mantine/core';
import type { Outcome } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { outcomes } from '../texts/common.ts';

const colors: Record<Outcome | 'running', string> = {
  running: 'blue',
  ok: 'green',
  error: 'red',
  refused: 'yellow',
  canceled: 'gray',
  unknown: 'yellow',
};

/** How a call ended: in words, and in a colour that repeats them. */
export function OutcomeBadge({ outcome }: { outcome: Outcome | null }) {
  const { t } = useLanguage();
  const state = outcome ?? 'running';
  return (
    <Badge variant="light" color={colors[state]}>
      {t(outcomes[state])}
    </Badge>
  );
}
