import { Anchor, Button, Text } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { AccountCard } from '../parts/account-card.tsx';
import { ActivityPanel } from '../parts/activity-panel.tsx';
import { Address } from '../parts/address.tsx';
import { CallTable } from '../parts/call-table.tsx';
import { GatewayHead } from '../parts/gateway-head.tsx';
import { LastErrors } from '../parts/last-errors.tsx';
import { NoticeList } from '../parts/notice-list.tsx';
import { Empty, Panel, Section } from '../parts/section.tsx';
import { linkTo } from '../route.ts';
import { common } from '../texts/common.ts';
import { overview } from '../texts/overview.ts';
import { useNow } from '../use-now.ts';
import styles from './overview.module.css';

/** Whether it works, who is signed in, how to connect, and what happened lately. */
export function Overview({ snapshot, away }: { snapshot: Snapshot; away: boolean }) {
  const now = useNow();
  return (
    <>
      <GatewayHead snapshot={snapshot} now={now} away={away} />
      <NoticeList snapshot={snapshot} now={now} />
      <Accounts snapshot={snapshot} now={now} />
      <Connected snapshot={snapshot} />
      <Connect snapshot={snapshot} />
      <ActivityPanel snapshot={snapshot} now={now} />
      <LastErrors snapshot={snapshot} now={now} />
      <LatestCalls snapshot={snapshot} now={now} />
    </>
  );
}

interface PartProps {
  snapshot: Snapshot;
  now: number;
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

/** Who is connected now; many of the same program stand together. */
function Connected({ snapshot }: { snapshot: Snapshot }) {
  const { language, t } = useLanguage();
  const { sessions } = snapshot;
  if (sessions.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { client } of sessions) {
    const name = client?.name ?? t(common.unknownClient);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (
    <Section
      title={t(overview.connected(formatCount(sessions.length, language)))}
      aside={<Anchor href={linkTo('sessions')}>{t(overview.allSessions)}</Anchor>}
    >
      <ul className={styles.clients}>
        {[...counts].map(([name, count]) => (
          <li key={name}>
            {name}
            {count > 1 && ` × ${formatCount(count, language)}`}
          </li>
        ))}
      </ul>
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
