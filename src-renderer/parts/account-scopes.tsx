import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AccountView, AppView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { groupScopes } from '../scope-groups.ts';
import { accountTexts, scopeParts } from '../texts/accounts.ts';
import { useBegin } from '../use-begin.ts';
import styles from './account-card.module.css';

/** What the person granted, and what was asked for besides, with the way to grant it. */
export function AccountScopes({ account, app }: { account: AccountView; app: AppView | undefined }) {
  return (
    <>
      {account.missingScopes.length > 0 && <MissingScopes account={account} app={app} />}
      {account.scopes.length > 0 && <GrantedScopes scopes={account.scopes} />}
    </>
  );
}

function GrantedScopes({ scopes }: { scopes: string[] }) {
  const { t } = useLanguage();
  const [search, setSearch] = useState('');
  return (
    <details className={styles.scopes}>
      <summary>{t(accountTexts.granted(scopes.length))}</summary>
      <TextInput
        className={styles.search}
        size="xs"
        aria-label={t(accountTexts.searchScopes)}
        placeholder={t(accountTexts.searchScopes)}
        value={search}
        onChange={(change) => setSearch(change.currentTarget.value)}
      />
      <ScopeGroups scopes={scopes} search={search} />
    </details>
  );
}

function ScopeGroups({ scopes, search }: { scopes: string[]; search: string }) {
  const { t } = useLanguage();
  const groups = groupScopes(scopes, search);
  if (groups.length === 0) return <p className={styles.small}>{t(accountTexts.noScope)}</p>;
  return (
    <div className={styles.groups}>
      {groups.map(({ name, scopes: inGroup }) => (
        <div key={name}>
          <strong>{partName(name, t)}</strong>
          <ul aria-label={partName(name, t)}>
            {inGroup.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function partName(name: string, t: ReturnType<typeof useLanguage>['t']): string {
  const words = Object.hasOwn(scopeParts, name) ? scopeParts[name] : undefined;
  return words ? t(words) : name;
}

function MissingScopes({ account, app }: { account: AccountView; app: AppView | undefined }) {
  const { t } = useLanguage();
  const { busy, error, begin } = useBegin();
  const { id: accountId, appId, way, missingScopes: scopes } = account;
  if (way === 'token') return null;
  return (
    <Alert color="yellow" title={t(accountTexts.missing(scopes.length))}>
      <div className={styles.missing}>
        <span>{t(accountTexts.missingHint)}</span>
        <ScopeGroups scopes={scopes} search="" />
        <Group gap="xs">
          <Button
            size="xs"
            loading={busy}
            onClick={() => begin({ method: 'login', input: { way, accountId, scopes } })}
          >
            {t(accountTexts.grant)}
          </Button>
          {app?.origin === 'registered' && (
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              onClick={() => begin({ method: 'extendApp', input: { appId, accountId, scopes } })}
            >
              {t(accountTexts.enable)}
            </Button>
          )}
        </Group>
        {error && <span role="alert">{t(error)}</span>}
      </div>
    </Alert>
  );
}
