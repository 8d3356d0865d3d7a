import { Alert, Button, Text, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { callControl } from '../control-client.ts';
import { formatSpan } from '../format.ts';
import { problemsOf } from '../gateway-state.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import { useAction } from '../use-action.ts';
import styles from './gateway-head.module.css';

const marks = { away: '?', paused: '❚❚', attention: '!', running: '✓' } as const;

/** How the gateway is, in a word, and the switch that pauses it. */
export function GatewayHead({ snapshot, now, away }: { snapshot: Snapshot; now: number; away: boolean }) {
  const { language, t } = useLanguage();
  const { busy, error, run } = useAction();
  const { notices, signIns } = problemsOf(snapshot);
  const attention = notices.length + signIns.length > 0;
  const state = away ? 'away' : snapshot.paused ? 'paused' : attention ? 'attention' : 'running';
  const toggle = () => void run(async () => void (await callControl('setPaused', { paused: !snapshot.paused })));
  return (
    <>
      <div className={styles.state}>
        <span className={styles.mark} data-state={state} aria-hidden>
          {marks[state]}
        </span>
        <Title order={1} size="h3">
          {t(overview[state])}
        </Title>
        <span className={styles.dim}>
          {t(overview.runningSince(formatSpan(now - snapshot.startedAt, language), snapshot.version))}
        </span>
        <Button
          className={styles.act}
          size="xs"
          variant={snapshot.paused ? 'filled' : 'default'}
          loading={busy}
          disabled={away}
          onClick={toggle}
        >
          {t(snapshot.paused ? overview.resume : overview.pause)}
        </Button>
      </div>
      {snapshot.paused && !away && (
        <Text className={styles.hint} role="status">
          {t(overview.pausedHint)}
        </Text>
      )}
      {error && (
        <Alert color="red" role="alert" mb="md">
          {t(error)}
        </Alert>
      )}
    </>
  );
}
