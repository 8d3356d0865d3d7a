import { Anchor } from '@mantine/core';
import type { AccountView, SessionRecordView, SessionView } from '../../src-main/contract/views.ts';
import { formatCount, formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { common, sessionEnds, transports } from '../texts/common.ts';
import { sessionTexts } from '../texts/sessions.ts';
import { Panel } from './section.tsx';
import { EndButton, SessionAccount } from './session-acts.tsx';
import styles from './table.module.css';

interface LiveSessionsProps {
  sessions: SessionView[];
  accounts: AccountView[];
  now: number;
}

/** The clients that are connected; each can be disconnected. */
export function LiveSessions({ sessions, accounts, now }: LiveSessionsProps) {
  const { language, t } = useLanguage();
  return (
    <Panel>
      <table className={styles.table} aria-label={t(sessionTexts.live)}>
        <thead>
          <tr>
            <th scope="col">{t(common.client)}</th>
            <th scope="col" className={styles.wide}>
              {t(sessionTexts.transport)}
            </th>
            <th scope="col">{t(common.account)}</th>
            <th scope="col" className={styles.wide}>
              {t(sessionTexts.opened)}
            </th>
            <th scope="col" className={styles.wide}>
              {t(sessionTexts.lastSeen)}
            </th>
            <th scope="col" className={`${styles.number} ${styles.wide}`}>
              {t(sessionTexts.calls)}
            </th>
            <th scope="col" className={`${styles.number} ${styles.wide}`}>
              {t(sessionTexts.hits)}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <td>
                <Client session={session} />
              </td>
              <td className={styles.wide}>
                <Connection session={session} />
              </td>
              <td>
                <SessionAccount session={session} accounts={accounts} />
              </td>
              <td className={`${styles.time} ${styles.wide}`}>{formatMoment(session.openedAt, language, now)}</td>
              <td className={`${styles.time} ${styles.wide}`}>{formatMoment(session.lastSeenAt, language, now)}</td>
              <td className={`${styles.number} ${styles.wide}`}>
                <CallCount session={session} />
              </td>
              <td className={`${styles.number} ${styles.wide}`}>{formatCount(session.limitHits, language)}</td>
              <td className={styles.number}>
                <EndButton session={session} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** The clients that were connected before. */
export function PastSessions({ sessions, now }: { sessions: SessionRecordView[]; now: number }) {
  const { language, t } = useLanguage();
  return (
    <Panel>
      <table className={styles.table} aria-label={t(sessionTexts.past)}>
        <thead>
          <tr>
            <th scope="col">{t(common.client)}</th>
            <th scope="col" className={styles.wide}>
              {t(sessionTexts.transport)}
            </th>
            <th scope="col">{t(sessionTexts.lastSeen)}</th>
            <th scope="col" className={styles.number}>
              {t(sessionTexts.calls)}
            </th>
            <th scope="col" className={styles.wide}>
              {t(sessionTexts.ended)}
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <td>
                <Client session={session} />
              </td>
              <td className={styles.wide}>
                <Connection session={session} />
              </td>
              <td className={styles.time}>{formatMoment(session.lastSeenAt, language, now)}</td>
              <td className={styles.number}>
                <CallCount session={session} />
              </td>
              <td className={styles.wide}>{t(session.end === null ? sessionTexts.away : sessionEnds[session.end])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Leads to what happened in the session. */
function Client({ session }: { session: SessionView }) {
  const { t } = useLanguage();
  return (
    <>
      <Anchor size="sm" href={linkTo('sessions', { session: session.id })}>
        {session.client?.name ?? t(common.unknownClient)}
      </Anchor>{' '}
      <span className={styles.dim}>{session.client?.version}</span>
    </>
  );
}

function Connection({ session }: { session: SessionView }) {
  const { t } = useLanguage();
  return (
    <>
      {t(transports[session.transport])}
      {session.protocolVersion && <div className={styles.dim}>{t(sessionTexts.protocol(session.protocolVersion))}</div>}
    </>
  );
}

function CallCount({ session }: { session: SessionView }) {
  const { language, t } = useLanguage();
  const count = formatCount(session.calls, language);
  const label = t(sessionTexts.seeCalls(count, session.client?.name ?? t(common.unknownClient)));
  return (
    <Anchor size="sm" href={linkTo('calls', { sessionId: session.id })} aria-label={label}>
      {count}
    </Anchor>
  );
}
