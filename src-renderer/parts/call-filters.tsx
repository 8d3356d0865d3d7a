import { Button, NativeSelect, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { SessionRecordView } from '../../src-main/contract/views.ts';
import type { CallFilter } from '../call-list.ts';
import { callControl } from '../control-client.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import styles from '../pages/calls.module.css';
import { linkTo } from '../route.ts';
import { common, outcomes } from '../texts/common.ts';
import { callTexts } from '../texts/pages.ts';

const endings = ['ok', 'error', 'refused', 'canceled', 'unknown'] as const;

/** What to show; each choice goes into the address of the page. */
export function CallFilters({ filter, snapshot }: { filter: CallFilter; snapshot: Snapshot }) {
  const { t } = useLanguage();
  const { tools, sessions } = useChoices(snapshot);
  const choose = (change: { [Name in keyof CallFilter]?: string | null }) => {
    location.hash = linkTo('calls', { ...filter, ...change });
  };
  const accounts = snapshot.accounts.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <fieldset className={styles.filters} aria-label={t(callTexts.filters)}>
      <Select
        label={t(common.tool)}
        placeholder={t(callTexts.allTools)}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t(callTexts.allTools) }}
        value={filter.tool ?? null}
        data={withChosen(tools, filter.tool)}
        onChange={(tool) => choose({ tool })}
      />
      <NativeSelect
        label={t(common.outcome)}
        value={filter.outcome ?? ''}
        data={[
          { value: '', label: t(callTexts.allOutcomes) },
          ...endings.map((value) => ({ value, label: t(outcomes[value]) })),
        ]}
        onChange={(change) => choose({ outcome: change.currentTarget.value })}
      />
      <NativeSelect
        label={t(common.account)}
        value={filter.accountId ?? ''}
        data={[{ value: '', label: t(callTexts.allAccounts) }, ...withChosenItem(accounts, filter.accountId)]}
        onChange={(change) => choose({ accountId: change.currentTarget.value })}
      />
      <NativeSelect
        label={t(common.session)}
        value={filter.sessionId ?? ''}
        data={[{ value: '', label: t(callTexts.allSessions) }, ...withChosenItem(sessions, filter.sessionId)]}
        onChange={(change) => choose({ sessionId: change.currentTarget.value })}
      />
      {Object.keys(filter).length > 0 && (
        <Button component="a" variant="default" href={linkTo('calls')}>
          {t(callTexts.reset)}
        </Button>
      )}
    </fieldset>
  );
}

interface Item {
  value: string;
  label: string;
}

/** Tools and sessions of the records and of now. When they cannot be read, those of now are enough to go on. */
function useChoices(snapshot: Snapshot): { tools: string[]; sessions: Item[] } {
  const { language, t } = useLanguage();
  const [tools, setTools] = useState<string[]>([]);
  const [past, setPast] = useState<SessionRecordView[]>([]);
  useEffect(() => {
    callControl('recordedTools', {}).then(
      ({ tools }) => setTools(tools),
      () => {},
    );
    callControl('sessions', { live: false }).then(
      ({ sessions }) => setPast(sessions),
      () => {},
    );
  }, []);
  const live = new Set(snapshot.sessions.map((session) => session.id));
  const sessions = [...snapshot.sessions, ...past.filter((session) => !live.has(session.id))];
  return {
    tools: [...new Set([...tools, ...snapshot.calls.map((call) => call.tool)])].sort(),
    sessions: sessions.map(({ id, client, openedAt }) => ({
      value: id,
      label: `${client?.name ?? t(common.unknownClient)} · ${formatMoment(openedAt, language, Date.now())}`,
    })),
  };
}

function withChosen(names: string[], chosen: string | undefined): string[] {
  return chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
}

function withChosenItem(items: Item[], chosen: string | undefined): Item[] {
  const known = chosen === undefined || items.some((item) => item.value === chosen);
  return known ? items : [...items, { value: chosen, label: chosen }];
}
