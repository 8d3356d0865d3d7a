import { Avatar, Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AccountState, AccountView } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import styles from './account-card.module.css';

const states: Record<AccountState, { color: string; label: Words }> = {
  signed_in: { color: 'green', label: overview.signedIn },
  sign_in_needed: { color: 'yellow', label: overview.signInNeeded },
  manual: { color: 'gray', label: overview.manual },
};

/** Who it is and whether it works; `children` are what can be done about it. */
export function AccountHead({ account, children }: { account: AccountView; children: ReactNode }) {
  const { t } = useLanguage();
  const { color, label } = states[account.state];
  return (
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
      <div className={styles.acts}>{children}</div>
    </div>
  );
}

/** A Chinese given name, or the first letters of two names. */
function initialsOf(name: string): string {
  if (/\p{Script=Han}$/u.test(name)) return name.slice(-2);
  const letters = name.split(/\s+/).map((part) => part.charAt(0));
  return letters.slice(0, 2).join('').toUpperCase();
}
