import { Alert, Anchor, Button, Text, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { NoticeView } from '../../src-main/contract/views.ts';
import { formatCount, formatMoment, formatSpan } from '../format.ts';
import { problemsOf } from '../gateway-state.ts';
import { useLanguage } from '../language.tsx';
import { AccountCard } from '../parts/account-card.tsx';
import { ActivityChart, totalOf } from '../parts/activity-chart.tsx';
import { Address } from '../parts/address.tsx';
import { CallTable } from '../parts/call-table.tsx';
import { Empty, Panel, Section } from '../parts/section.tsx';
import { linkTo } from '../route.ts';
import { overview } from '../texts/overview.ts';
import { useNow } from '../use-now.ts';
import styles from './overview.module.css';

/** Whether it works, who is signed in, how to connect, and what happened lately. */
export function Overview({ snapshot }: { snapshot: Snapshot }) {
  const now = useNow();
  return (
    <>
      <State snapshot={snapshot} now={now} />
      <NoticeList notices={snapshot.notices} now={now} />
      <Accounts snapshot={snapshot} now={now} />
      <Connect snapshot={snapshot} />
      <LastHour snapshot={snapshot} now={now} />
    </>
  );
}

interface PartProps {
  snapshot: Snapshot;
  now: number;
}

function State({ snapshot, now }: PartProps) {
  const { language, t } = useLanguage();
  const { notices, signIns } = problemsOf(snapshot);
  const attention = notices.length + signIns.length > 0;
  return (
    <div className={styles.state}>
      <span className={styles.mark} data-attention={attention} aria-hidden>
        {attention ? '!' : '✓'}
      </span>
      <Title order={1} size="h3">
        {t(attention ? overview.attention : overview.running)}
      </Title>
      <span className={styles.dim}>
        {t(overview.runningSince(formatSpan(now - snapshot.startedAt, language), snapshot.version))}
      </span>
    </div>
  );
}

const noticeColors: Record<NoticeView['level'], string> = { info: 'blue', warning: 'yellow', error: 'red' };

function NoticeList({ notices, now }: { notices: NoticeView[]; now: number }) {
  const { language, t } = useLanguage();
  if (notices.length === 0) return null;
  return (
    <Section title={t(overview.notices)}>
      <div className={styles.list}>
        {notices.map((notice) => (
          <Alert
            key={notice.id}
            color={noticeColors[notice.level]}
            role={notice.level === 'error' ? 'alert' : 'status'}
          >
            {t(notice.words)}
            <div className={styles.dim}>{t(overview.since(formatMoment(notice.since, language, now)))}</div>
          </Alert>
        ))}
      </div>
    </Section>
  );
}

function Accounts({ snapshot, now }: PartProps) {
  const { t } = useLanguage();
  const { accounts } = snapshot;
  if (accounts.length === 0) {
    return (
      <Section title={t(overview.accounts)}>
        <Empty title={t(overview.noAccount)} hint={t(overview.noAccountHint)}>
          <Button component="a" href={linkTo('accounts')}>
            {t(overview.signIn)}
          </Button>
        </Empty>
      </Section>
    );
  }
  return (
    <Section title={t(overview.accounts)} aside={<Anchor href={linkTo('accounts')}>{t(overview.allAccounts)}</Anchor>}>
      <div className={styles.list}>
        {accounts.map((account) => (
          <AccountCard key={account.id} account={account} now={now} />
        ))}
      </div>
    </Section>
  );
}

function Connect({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  return (
    <Section title={t(overview.connect)}>
      <Panel>
        <div className={styles.list}>
          <Address label={t(overview.mcpUrl)} url={snapshot.mcpUrl} />
          <Address label={t(overview.sseUrl)} url={snapshot.sseUrl} />
          <Text size="sm" c="dimmed">
            {t(overview.keyHint)}
          </Text>
        </div>
      </Panel>
    </Section>
  );
}

function LastHour({ snapshot, now }: PartProps) {
  const { language, t } = useLanguage();
  const recent = snapshot.activity.filter((entry) => entry.at > now - 60 * 60_000);
  const { calls, errors, limitHits } = totalOf(recent);
  // The squares are the legend of the chart below.
  const numbers: [string, number, string | undefined][] = [
    [t(overview.connected), snapshot.sessions.length, undefined],
    [t(overview.callCount), calls, styles.calls],
    [t(overview.errorCount), errors, styles.errors],
    [t(overview.hitCount), limitHits, styles.hits],
  ];
  return (
    <>
      <Section title={t(overview.lastHour)}>
        <Panel>
          <dl className={styles.numbers}>
            {numbers.map(([name, number, colour]) => (
              <div key={name}>
                <dt>
                  {colour && <span className={`${styles.swatch} ${colour}`} />}
                  {name}
                </dt>
                <dd>{formatCount(number, language)}</dd>
              </div>
            ))}
          </dl>
          <ActivityChart activity={snapshot.activity} now={now} />
        </Panel>
      </Section>
      <LatestCalls snapshot={snapshot} now={now} />
    </>
  );
}

function LatestCalls({ snapshot, now }: PartProps) {
  const { t } = useLanguage();
  const calls = snapshot.calls.slice(0, 5);
  const all = <Anchor href={linkTo('calls')}>{t(overview.allCalls)}</Anchor>;
  return (
    <Section title={t(overview.latest)} aside={calls.length > 0 && all}>
      {calls.length === 0 ? (
        <Empty title={t(overview.noCalls)} hint={t(overview.noCallsHint)} />
      ) : (
        <CallTable title={t(overview.latest)} calls={calls} accounts={snapshot.accounts} now={now} />
      )}
    </Section>
  );
}
