import { Button } from '@mantine/core';
import type { AccountView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { accountTexts } from '../texts/accounts.ts';
import styles from './account-card.module.css';
import { AccountHead } from './account-head.tsx';
import { AccountLife } from './account-life.tsx';
import { Panel } from './section.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** A person in short: who, and how long it lasts. The rest is on the accounts page. */
export function AccountCard({ account, now }: { account: AccountView; now: number }) {
  const { t } = useLanguage();
  const needed = account.state === 'sign_in_needed';
  return (
    <Panel>
      <div className={styles.card}>
        <AccountHead account={account}>
          {needed && <SignInAgain account={account} />}
          <Button
            size="xs"
            variant="default"
            component="a"
            href={linkTo('accounts')}
            aria-label={t(accountTexts.manage(account.name))}
          >
            {t(accountTexts.manageAct)}
          </Button>
        </AccountHead>
        {account.reason && <div className={styles.small}>{t(account.reason)}</div>}
        {!needed && <AccountLife account={account} now={now} />}
      </div>
    </Panel>
  );
}
