import { Alert, Anchor, Badge, Button, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { AppView, CheckView } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { appName } from '../app-name.ts';
import { callControl, ControlError } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { accountTexts, checkLevels } from '../texts/accounts.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './doctor-report.module.css';

const colors: Record<CheckView['level'], string> = { ok: 'green', warning: 'yellow', error: 'red', unknown: 'gray' };

/** What the app's own configuration lacks, with the place to mend it. Read when it opens, and whenever asked again. */
export function DoctorReport({ app }: { app: AppView }) {
  const { t } = useLanguage();
  const { checks, error, busy, check } = useDoctor(app.id);
  return (
    <section aria-label={t(accountTexts.report(appName(app)))} aria-busy={busy}>
      {busy && !checks && <Text role="status">{t(accountTexts.checking)}</Text>}
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
      {checks && (
        <ul className={styles.report}>
          {checks.map((found) => (
            <Finding key={found.id} found={found} />
          ))}
        </ul>
      )}
      <Button className={styles.again} size="xs" variant="default" loading={busy} onClick={() => void check()}>
        {t(accountTexts.checkAgain)}
      </Button>
    </section>
  );
}

function Finding({ found }: { found: CheckView }) {
  const { t } = useLanguage();
  const { level, words, fix } = found;
  return (
    <li>
      <div className={styles.line}>
        <Badge variant="light" color={colors[level]}>
          {t(checkLevels[level])}
        </Badge>
        <span>{t(words)}</span>
      </div>
      {fix && (
        <div className={styles.fix}>
          <Anchor size="sm" href={fix.url} target="_blank" rel="noopener noreferrer">
            {t(accountTexts.console)}
          </Anchor>
          {fix.copy !== null && (
            <>
              <span className={styles.paste}>{fix.copy}</span>
              <CopyButton value={fix.copy} what={t(accountTexts.toPaste)} />
            </>
          )}
        </div>
      )}
    </li>
  );
}

interface Doctor {
  checks: CheckView[] | null;
  error: Words | null;
  busy: boolean;
  check: (signal?: AbortSignal) => Promise<void>;
}

function useDoctor(appId: string): Doctor {
  const [checks, setChecks] = useState<CheckView[] | null>(null);
  const [error, setError] = useState<Words | null>(null);
  const [busy, setBusy] = useState(true);
  const check = useCallback(
    async (signal?: AbortSignal) => {
      setBusy(true);
      setError(null);
      try {
        const report = await callControl('doctor', { appId }, signal);
        if (!signal?.aborted) setChecks(report.checks);
      } catch (thrown) {
        if (!signal?.aborted) setError(ControlError.from(thrown).words);
      }
      if (!signal?.aborted) setBusy(false);
    },
    [appId],
  );
  useEffect(() => {
    const stop = new AbortController();
    void check(stop.signal);
    return () => stop.abort();
  }, [check]);
  return { checks, error, busy, check };
}
