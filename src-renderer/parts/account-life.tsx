import type { AccountView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import styles from './account-card.module.css';
import { Life } from './life.tsx';

// What Feishu gives: access tokens live two hours, refresh tokens seven days.
const accessMs = 2 * 60 * 60_000;
const refreshMs = 7 * 24 * 60 * 60_000;

/** How long the access token and the sign-in itself still last. */
export function AccountLife({ account, now }: { account: AccountView; now: number }) {
  const { t } = useLanguage();
  const { accessExpiresAt, refreshExpiresAt } = account;
  return (
    <>
      <Life label={t(overview.access)} expiresAt={accessExpiresAt} fullMs={accessMs} now={now} />
      {refreshExpiresAt === null ? (
        <div className={styles.small}>{t(account.way === 'token' ? overview.pasted : overview.noRefresh)}</div>
      ) : (
        <Life label={t(overview.refresh)} expiresAt={refreshExpiresAt} fullMs={refreshMs} now={now} />
      )}
    </>
  );
}
