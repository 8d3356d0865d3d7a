import { Alert, Button, Text, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { Outcome } from '../../src-main/contract/views.ts';
import type { CallFilter } from '../call-list.ts';
import { useLanguage } from '../language.tsx';
import { CallFilters } from '../parts/call-filters.tsx';
import { CallTable } from '../parts/call-table.tsx';
import { Empty } from '../parts/section.tsx';
import { linkTo, useRoute } from '../route.ts';
import { common, outcomes } from '../texts/common.ts';
import { callTexts } from '../texts/pages.ts';
import { useCallPages } from '../use-call-pages.ts';
import { useNow } from '../use-now.ts';
import styles from './calls.module.css';

/** Every recorded call, filtered by what the address says. */
export function Calls({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const filter = filterOf(useRoute().parameters);
  return (
    <>
      <Title order={1} size="h3">
        {t(callTexts.title)}
      </Title>
      <p className={styles.hint}>{t(callTexts.hint)}</p>
      <CallFilters filter={filter} snapshot={snapshot} />
      {/* Another filter, or another run of the gateway, is another list. */}
      <CallList key={`${snapshot.startedAt} ${JSON.stringify(filter)}`} filter={filter} snapshot={snapshot} />
    </>
  );
}

function CallList({ filter, snapshot }: { filter: CallFilter; snapshot: Snapshot }) {
  const { t } = useLanguage();
  const now = useNow();
  const { calls, loading, error, more } = useCallPages(filter, snapshot.calls);
  if (error && calls.length === 0) {
    return (
      <Alert color="red" role="alert">
        {t(error.words)}
      </Alert>
    );
  }
  if (calls.length === 0) return loading ? <Text role="status">{t(common.loading)}</Text> : <NoCalls filter={filter} />;
  return (
    <>
      <CallTable title={t(callTexts.title)} calls={calls} accounts={snapshot.accounts} now={now} />
      {more && (
        <div className={styles.more}>
          <Button variant="default" onClick={more}>
            {t(common.more)}
          </Button>
        </div>
      )}
    </>
  );
}

function NoCalls({ filter }: { filter: CallFilter }) {
  const { t } = useLanguage();
  if (Object.keys(filter).length === 0) return <Empty title={t(callTexts.empty)} hint={t(callTexts.emptyHint)} />;
  return (
    <Empty title={t(callTexts.noMatch)} hint={t(callTexts.noMatchHint)}>
      <Button component="a" variant="default" href={linkTo('calls')}>
        {t(callTexts.reset)}
      </Button>
    </Empty>
  );
}

function filterOf(parameters: URLSearchParams): CallFilter {
  const tool = parameters.get('tool');
  const accountId = parameters.get('accountId');
  const sessionId = parameters.get('sessionId');
  const outcome = parameters.get('outcome');
  return {
    ...(tool && { tool }),
    ...(accountId && { accountId }),
    ...(sessionId && { sessionId }),
    ...(isOutcome(outcome) && { outcome }),
  };
}

function isOutcome(text: string | null): text is Outcome {
  return text !== null && text !== 'running' && Object.hasOwn(outcomes, text);
}
