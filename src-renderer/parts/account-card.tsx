import { Alert, Avatar, Badge, Button } from '@mantine/core';
import { useState } from 'react';
import type { AccountState, AccountView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import { useAction } from '../use-action.ts';
import styles from './account-card.module.css';
import { Confirm } from './confirm.tsx';
import { Life } from './life.tsx';
import { Panel } from './section.tsx';
import { SignIn } from './sign-in.tsx';

// What Feishu gives: access tokens live two hours, refresh tokens seven days.
const accessMs = 2 * 60 * 60_000;
const refreshMs = 7 * 24 * 60 * 60_000;

const states: Record<AccountState, { color: string; label: (typeof overview)['signedIn'] }> = {
  signed_in: { color: 'green', label: overview.signedIn },
  sign_in_needed: { color: 'yellow', label: overview.signInNeeded },
  manual: { color: 'gray', label: overview.manual },
};

/** A person who is signed in: who, how long it lasts, and what can be done about it. */
export function AccountCard({ account, now }: { account: AccountView; now: number }) {
  const { t } = useLanguage();
  const { color, label } = states[account.state];
  return (
    <Panel>
      <div className={styles.card}>
        <div className={styles.head}>
          <Avatar src={account.avatarUrl} alt="" color="blue" radius="xl">
            {initialsOf(account.name)}
          </Avatar>
          <span className={styles.name}>{account.name}</span>
          <Badge variant="light" color={color}>
            {t(label)}
          </Badge>
          {account.isDefault && (
            <Badge variant="light" color="gray">
              {t(overview.isDefault)}
            </Badge>
          )}
          <AccountActs account={account} />
        </div>
        {account.reason && <div className={styles.small}>{t(account.reason)}</div>}
        {account.state !== 'sign_in_needed' && <AccountLife account={account} now={now} />}
      </div>
    </Panel>
  );
}

/** A Chinese given name, or the first letters of two names. */
function initialsOf(name: string): string {
  if (/\p{Script=Han}$/u.test(name)) return name.slice(-2);
  const letters = name.split(/\s+/).map((part) => part.charAt(0));
  return letters.slice(0, 2).join('').toUpperCase();
}

function AccountLife({ account, now }: { account: AccountView; now: number }) {
  const { language, t } = useLanguage();
  const { accessExpiresAt, refreshExpiresAt, lastRenewal } = account;
  const renewal = lastRenewal && formatMoment(lastRenewal.at, language, now);
  return (
    <>
      <Life label={t(overview.access)} expiresAt={accessExpiresAt} fullMs={accessMs} now={now} />
      {refreshExpiresAt === null ? (
        account.reason === null && <div className={styles.small}>{t(overview.noRefresh)}</div>
      ) : (
        <Life label={t(overview.refresh)} expiresAt={refreshExpiresAt} fullMs={refreshMs} now={now} />
      )}
      {renewal && (
        <div className={styles.small}>
          {t(lastRenewal.outcome === 'renewed' ? overview.renewedAt(renewal) : overview.renewalFailedAt(renewal))}
        </div>
      )}
    </>
  );
}

function AccountActs({ account }: { account: AccountView }) {
  const { t } = useLanguage();
  const action = useAction();
  const [leaving, setLeaving] = useState(false);
  const { id: accountId, name } = account;
  const signOut = async () => {
    await callControl('signOut', { accountId });
  };
  return (
    <div className={styles.acts}>
      {account.state === 'sign_in_needed' && <SignIn label={t(overview.signInAgain)} />}
      {account.state === 'signed_in' && account.refreshExpiresAt !== null && (
        <Button
          size="xs"
          variant="default"
          loading={action.busy}
          onClick={() => void action.run(async () => void (await callControl('renew', { accountId })))}
        >
          {t(overview.renew)}
        </Button>
      )}
      {!account.isDefault && (
        <Button
          size="xs"
          variant="default"
          onClick={() => void action.run(async () => void (await callControl('setDefaultAccount', { accountId })))}
        >
          {t(overview.makeDefault)}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setLeaving(true)}>
        {t(overview.signOut)}
      </Button>
      {action.error && (
        <Alert color="red" role="alert">
          {t(action.error)}
        </Alert>
      )}
      <Confirm
        opened={leaving}
        title={t(overview.signOutTitle(name))}
        hint={t(overview.signOutHint)}
        act={t(overview.signOut)}
        onAct={signOut}
        onClose={() => setLeaving(false)}
      />
    </div>
  );
}
