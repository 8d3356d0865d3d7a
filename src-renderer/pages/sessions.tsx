import { Anchor, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { SessionRecordView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { Empty, Section } from '../parts/section.tsx';
import { SessionDetail } from '../parts/session-detail.tsx';
import { LiveSessions, PastSessions } from '../parts/session-table.tsx';
import { linkTo, useRoute } from '../route.ts';
import { common } from '../texts/common.ts';
import { sessionTexts } from '../texts/sessions.ts';
import { useNow } from '../use-now.ts';

/** Who is connected and who was, or one of them in full, as the address says. */
export function Sessions({ snapshot }: { snapshot: Snapshot }) {
  const now = useNow();
  const sessionId = useRoute().parameters.get('session');
  if (sessionId) return <SessionDetail key={sessionId} sessionId={sessionId} snapshot={snapshot} now={now} />;
  return <AllSessions snapshot={snapshot} now={now} />;
}

function AllSessions({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { t } = useLanguage();
  const past = usePastSessions(snapshot);
  return (
    <>
      <Title order={1} size="h3" mb="md">
        {t(sessionTexts.title)}
      </Title>
      <Section title={t(sessionTexts.live)}>
        {snapshot.sessions.length === 0 ? (
          <Empty title={t(sessionTexts.liveEmpty)} hint={t(sessionTexts.liveEmptyHint)}>
            <Anchor href={linkTo('overview')}>{t(common.overview)}</Anchor>
          </Empty>
        ) : (
          <LiveSessions sessions={snapshot.sessions} accounts={snapshot.accounts} now={now} />
        )}
      </Section>
      <Section title={t(sessionTexts.past)}>
        {past.length === 0 ? (
          <Empty title={t(sessionTexts.pastEmpty)} hint={t(sessionTexts.pastEmptyHint)} />
        ) : (
          <PastSessions sessions={past} now={now} />
        )}
      </Section>
    </>
  );
}

/** Asked for again whenever a session comes or goes. */
function usePastSessions(snapshot: Snapshot): SessionRecordView[] {
  const [past, setPast] = useState<SessionRecordView[]>([]);
  const live = snapshot.sessions.map((session) => session.id).join(' ');
  useEffect(() => {
    const stop = new AbortController();
    callControl('sessions', { live: false }, stop.signal).then(
      ({ sessions }) => setPast(sessions),
      // The list stays as it was; the frame says when the gateway is away.
      () => {},
    );
    return () => stop.abort();
  }, [live]);
  return past;
}
