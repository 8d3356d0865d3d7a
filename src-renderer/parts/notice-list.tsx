import { Alert, Button } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { AccountView, NoticeView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { mendOf } from '../notice-mend.ts';
import { linkTo } from '../route.ts';
import { overview } from '../texts/overview.ts';
import { useAction } from '../use-action.ts';
import styles from './notice-list.module.css';
import { Section } from './section.tsx';
import { SignInAgain } from './sign-in-again.tsx';

const colors: Record<NoticeView['level'], string> = { info: 'blue', warning: 'yellow', error: 'red' };

/** What a person should know or do, with the button that does it. */
export function NoticeList({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { language, t } = useLanguage();
  const { notices, accounts } = snapshot;
  if (notices.length === 0) return null;
  return (
    <Section title={t(overview.notices)}>
      <div className={styles.list}>
        {notices.map((notice) => {
          const account = accounts.find(({ id }) => id === notice.accountId);
          return (
            <Alert
              key={notice.id}
              color={colors[notice.level]}
              role={notice.level === 'error' ? 'alert' : 'status'}
              {...(account && { title: account.name })}
            >
              {t(notice.words)}
              <div className={styles.foot}>
                <span className={styles.dim}>{t(overview.since(formatMoment(notice.since, language, now)))}</span>
                {account ? <AccountMend account={account} /> : <Mend notice={notice} />}
              </div>
            </Alert>
          );
        })}
      </div>
    </Section>
  );
}

function AccountMend({ account }: { account: AccountView }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAction();
  const { id: accountId, state, refreshExpiresAt } = account;
  return (
    <span className={styles.acts}>
      {state === 'signed_in' && refreshExpiresAt !== null && (
        <Button
          size="xs"
          loading={busy}
          onClick={() => void run(async () => void (await callControl('renew', { accountId })))}
        >
          {t(overview.renew)}
        </Button>
      )}
      <SignInAgain account={account} />
      {error && <span role="alert">{t(error)}</span>}
    </span>
  );
}

function Mend({ notice }: { notice: NoticeView }) {
  const { t } = useLanguage();
  const mend = mendOf(notice);
  if (!mend) return null;
  return (
    <Button size="xs" variant="default" component="a" href={linkTo(mend.page, mend.parameters)}>
      {t(mend.words)}
    </Button>
  );
}
