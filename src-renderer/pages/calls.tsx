import { Alert, Button, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { CallView } from '../../src-main/contract/views.ts';
import { countOf } from '../call-list.ts';
import { type CallFilter, exportLink, filterAt, readQuery } from '../call-query.ts';
import { useLanguage } from '../language.tsx';
import { CallDetail } from '../parts/call-detail.tsx';
import { CallFilters } from '../parts/call-filters.tsx';
import { CallGrid } from '../parts/call-grid.tsx';
import { Empty } from '../parts/section.tsx';
import { linkTo, useRoute } from '../route.ts';
import { callTexts } from '../texts/calls.ts';
import { useCallFeed } from '../use-call-feed.ts';
import { useCalm } from '../use-calm.ts';
import { useNow } from '../use-now.ts';
import styles from './calls.module.css';

/** Every recorded call, filtered by what the address says. */
export function Calls({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const choices = useCalm(snapshot, 2000);
  const address = useRoute().parameters.toString();
  const { query, filter } = useMemo(() => {
    const query = readQuery(new URLSearchParams(address));
    return { query, filter: filterAt(query, Date.now()) };
  }, [address]);
  return (
    <>
      <div className={styles.head}>
        <Title order={1} size="h3">
          {t(callTexts.title)}
        </Title>
        <Export filter={filter} />
      </div>
      <p className={styles.hint}>{t(callTexts.hint)}</p>
      <CallFilters query={query} snapshot={choices} />
      {/* Another filter, or another run of the gateway, is another list. */}
      <CallList key={`${snapshot.startedAt} ${JSON.stringify(filter)}`} filter={filter} snapshot={snapshot} />
    </>
  );
}

/** What the filters let through, as a file. */
function Export({ filter }: { filter: CallFilter }) {
  const { t } = useLanguage();
  return (
    <div className={styles.acts}>
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button key={format} size="xs" variant="default" component="a" href={exportLink(filter, format)} download>
          {t(callTexts.exportAs(format.toUpperCase()))}
        </Button>
      ))}
    </div>
  );
}

function CallList({ filter, snapshot }: { filter: CallFilter; snapshot: Snapshot }) {
  const { t } = useLanguage();
  const now = useNow();
  const [opened, setOpened] = useState<CallView>();
  const { list, error, look } = useCallFeed(filter, snapshot.calls);
  const open = opened && (snapshot.calls.find((call) => call.id === opened.id) ?? opened);
  return (
    <>
      {error && (
        <Alert color="red" role="alert" mb="sm">
          {t(error.words)}
        </Alert>
      )}
      {!list && !error && <Text role="status">{t(callTexts.reading)}</Text>}
      {list &&
        (countOf(list) === 0 ? (
          <NoCalls isFiltered={Object.keys(filter).length > 0} />
        ) : (
          <CallGrid
            title={t(callTexts.title)}
            list={list}
            accounts={snapshot.accounts}
            now={now}
            onLook={look}
            onOpen={setOpened}
          />
        ))}
      <CallDetail call={open} accounts={snapshot.accounts} onClose={() => setOpened(undefined)} />
    </>
  );
}

function NoCalls({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useLanguage();
  if (!isFiltered) return <Empty title={t(callTexts.empty)} hint={t(callTexts.emptyHint)} />;
  return (
    <Empty title={t(callTexts.noMatch)} hint={t(callTexts.noMatchHint)}>
      <Button component="a" variant="default" href={linkTo('calls')}>
        {t(callTexts.reset)}
      </Button>
    </Empty>
  );
}
