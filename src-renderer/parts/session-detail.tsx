import { Alert, Anchor, Text, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { SessionRecordView, SessionView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { formatCount, formatFull } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { callTexts } from '../texts/calls.ts';
import { common, sessionEnds, transports } from '../texts/common.ts';
import { sessionTexts } from '../texts/sessions.ts';
import { useAnswer } from '../use-answer.ts';
import { useRevision } from '../use-revision.ts';
import facts from './call-detail.module.css';
import { Panel, Section } from './section.tsx';
import { EndButton, SessionAccount } from './session-acts.tsx';
import { SessionTimeline } from './session-timeline.tsx';

interface SessionDetailProps {
  sessionId: string;
  snapshot: Snapshot;
  now: number;
}

/** One session: who it is, and what happened in it. */
export function SessionDetail({ sessionId, snapshot, now }: SessionDetailProps) {
  const { t } = useLanguage();
  const live = snapshot.sessions.find((session) => session.id === sessionId);
  const { timeline, error } = useTimeline(sessionId, live, snapshot);
  const session = live ?? timeline?.session ?? undefined;
  return (
    <>
      <Anchor href={linkTo('sessions')}>{t(sessionTexts.back)}</Anchor>
      <Title order={1} size="h3" mb="md">
        {session?.client?.name ?? t(common.unknownClient)}
      </Title>
      {error && (
        <Alert color="red" role="alert" mb="md">
          {t(error.words)}
        </Alert>
      )}
      {session && <Facts session={session} live={live} snapshot={snapshot} />}
      <Section
        title={t(sessionTexts.timeline)}
        aside={<Anchor href={linkTo('calls', { sessionId })}>{t(sessionTexts.asList)}</Anchor>}
      >
        {timeline && <SessionTimeline timeline={timeline} snapshot={snapshot} now={now} />}
        {!timeline && !error && <Text role="status">{t(callTexts.reading)}</Text>}
      </Section>
    </>
  );
}

/** What was recorded, read again when the session does something. */
function useTimeline(sessionId: string, live: SessionView | undefined, snapshot: Snapshot) {
  const own = snapshot.calls.filter((call) => call.sessionId === sessionId).slice(0, 30);
  const calls = own.map(({ id, outcome }) => `${id} ${outcome}`);
  const revision = useRevision([live?.calls, live?.limitHits, snapshot.startedAt, ...calls].join());
  const { answer, error } = useAnswer('callTimeline', { sessionId }, revision);
  return { timeline: answer?.timeline, error };
}

interface FactsProps {
  session: SessionView | SessionRecordView;
  live: SessionView | undefined;
  snapshot: Snapshot;
}

function Facts({ session, live, snapshot }: FactsProps) {
  const { language, t } = useLanguage();
  const { client, transport, protocolVersion, accountId, keyId } = session;
  const key = snapshot.clients.find((other) => other.keyId === keyId)?.name ?? keyId;
  const plain: [string, string][] = [
    [t(sessionTexts.version), client?.version || t(common.none)],
    [t(sessionTexts.transport), t(transports[transport])],
    [t(sessionTexts.protocolName), protocolVersion ?? t(common.none)],
    [t(callTexts.key), key],
    [t(sessionTexts.opened), formatFull(session.openedAt, language)],
    [t(sessionTexts.lastSeen), formatFull(session.lastSeenAt, language)],
    [t(sessionTexts.calls), formatCount(session.calls, language)],
    [t(sessionTexts.hits), formatCount(session.limitHits, language)],
  ];
  if (!live) plain.push([t(sessionTexts.ended), endOf(session, t)]);
  return (
    <Section title={t(common.session)} aside={live && <EndButton session={live} />}>
      <Panel>
        <dl className={facts.facts}>
          <dt>{t(common.account)}</dt>
          <dd>
            {live ? (
              <SessionAccount session={live} accounts={snapshot.accounts} />
            ) : (
              (accountName(accountId, snapshot.accounts) ?? t(common.none))
            )}
          </dd>
          {plain.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
      </Panel>
    </Section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function endOf(session: SessionView | SessionRecordView, t: ReturnType<typeof useLanguage>['t']): string {
  return 'end' in session && session.end !== null ? t(sessionEnds[session.end]) : t(sessionTexts.away);
}
