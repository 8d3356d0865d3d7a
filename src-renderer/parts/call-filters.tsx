import { Button, NativeSelect, Select, TextInput } from '@mantine/core';
import { memo, useEffect, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { SessionRecordView } from '../../src-main/contract/views.ts';
import { type CallQuery, endings, ranges, readQuery } from '../call-query.ts';
import { callControl } from '../control-client.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import styles from '../pages/calls.module.css';
import { linkTo, parseRoute } from '../route.ts';
import { callRanges, callTexts } from '../texts/calls.ts';
import { common, outcomes } from '../texts/common.ts';
import { MomentInput } from './moment-input.tsx';

type Change = { [Name in keyof CallQuery]?: string | null };

/** By the address of now: what one field took when it was left may not be drawn yet when the next one is done. */
function choose(change: Change): void {
  const query = readQuery(parseRoute(location.hash).parameters);
  location.hash = linkTo('calls', { ...query, ...change });
}

/** What to show; each choice goes into the address of the page. */
export const CallFilters = memo(function CallFilters({ query, snapshot }: { query: CallQuery; snapshot: Snapshot }) {
  const { t } = useLanguage();
  const { tools, clients, sessions } = useChoices(snapshot);
  const accounts = snapshot.accounts.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <fieldset className={styles.filters} aria-label={t(callTexts.filters)}>
      <SearchInput key={query.text ?? ''} query={query} />
      <Named
        label={t(common.tool)}
        all={t(callTexts.allTools)}
        value={query.tool}
        names={tools}
        onChange={(tool) => choose({ tool })}
      />
      <Named
        label={t(common.client)}
        all={t(callTexts.allClients)}
        value={query.client}
        names={clients}
        onChange={(client) => choose({ client })}
      />
      <NativeSelect
        label={t(common.outcome)}
        value={query.outcome ?? ''}
        data={[
          { value: '', label: t(callTexts.allOutcomes) },
          ...endings.map((value) => ({ value, label: t(outcomes[value]) })),
        ]}
        onChange={(change) => choose({ outcome: change.currentTarget.value })}
      />
      <NativeSelect
        label={t(common.account)}
        value={query.accountId ?? ''}
        data={[{ value: '', label: t(callTexts.allAccounts) }, ...withChosenItem(accounts, query.accountId)]}
        onChange={(change) => choose({ accountId: change.currentTarget.value })}
      />
      <NativeSelect
        label={t(common.session)}
        value={query.sessionId ?? ''}
        data={[{ value: '', label: t(callTexts.allSessions) }, ...withChosenItem(sessions, query.sessionId)]}
        onChange={(change) => choose({ sessionId: change.currentTarget.value })}
      />
      <TimeRange query={query} />
      {Object.keys(query).length > 0 && (
        <Button component="a" variant="default" href={linkTo('calls')}>
          {t(callTexts.reset)}
        </Button>
      )}
    </fieldset>
  );
});

/** Free text; it counts when it is complete: at Enter, or when one goes on to something else. */
function SearchInput({ query }: { query: CallQuery }) {
  const { t } = useLanguage();
  const [text, setText] = useState(query.text ?? '');
  const search = () => {
    if (text.trim() !== (query.text ?? '')) choose({ text: text.trim() });
  };
  return (
    <TextInput
      type="search"
      label={t(callTexts.search)}
      placeholder={t(callTexts.searchHint)}
      maxLength={200}
      value={text}
      onChange={(change) => setText(change.currentTarget.value)}
      onBlur={search}
      onKeyDown={(press) => press.key === 'Enter' && search()}
    />
  );
}

interface NamedProps {
  label: string;
  all: string;
  value: string | undefined;
  names: string[];
  onChange: (name: string | null) => void;
}

function Named({ label, all, value, names, onChange }: NamedProps) {
  return (
    <Select
      label={label}
      placeholder={all}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': all }}
      limit={200}
      value={value ?? null}
      data={value === undefined || names.includes(value) ? names : [...names, value]}
      onChange={onChange}
    />
  );
}

function TimeRange({ query }: { query: CallQuery }) {
  const { t } = useLanguage();
  return (
    <>
      <NativeSelect
        label={t(callTexts.range)}
        value={query.range ?? ''}
        data={[
          { value: '', label: t(callTexts.anyTime) },
          ...ranges.map((value) => ({ value, label: t(callRanges[value]) })),
        ]}
        onChange={(change) => choose({ range: change.currentTarget.value, from: null, until: null })}
      />
      {query.range === 'custom' && (
        <>
          <MomentInput label={t(callTexts.from)} value={query.from} onChange={(from) => choose({ from })} />
          <MomentInput label={t(callTexts.until)} value={query.until} onChange={(until) => choose({ until })} />
        </>
      )}
    </>
  );
}

interface Item {
  value: string;
  label: string;
}

/** Names and sessions of the records and of now. When they cannot be read, those of now are enough to go on. */
function useChoices(snapshot: Snapshot): { tools: string[]; clients: string[]; sessions: Item[] } {
  const { language, t } = useLanguage();
  const [tools, setTools] = useState<string[]>([]);
  const [clients, setClients] = useState<string[]>([]);
  const [past, setPast] = useState<SessionRecordView[]>([]);
  useEffect(() => {
    const leave = () => {};
    callControl('recordedTools', {}).then(({ tools }) => setTools(tools), leave);
    callControl('recordedClients', {}).then(({ clients }) => setClients(clients), leave);
    callControl('sessions', { live: false }).then(({ sessions }) => setPast(sessions), leave);
  }, []);
  const live = new Set(snapshot.sessions.map((session) => session.id));
  const sessions = [...snapshot.sessions, ...past.filter((session) => !live.has(session.id))];
  const named = snapshot.calls.flatMap(({ client }) => (client === null ? [] : [client]));
  return {
    tools: [...new Set([...tools, ...snapshot.calls.map((call) => call.tool)])].sort(),
    clients: [...new Set([...clients, ...named])].sort(),
    sessions: sessions.map(({ id, client, openedAt }) => ({
      value: id,
      label: `${client?.name ?? t(common.unknownClient)} · ${formatMoment(openedAt, language, Date.now())}`,
    })),
  };
}

function withChosenItem(items: Item[], chosen: string | undefined): Item[] {
  const known = chosen === undefined || items.some((item) => item.value === chosen);
  return known ? items : [...items, { value: chosen, label: chosen }];
}
