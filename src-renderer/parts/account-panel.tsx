import type { Snapshot } from '../../src-main/contract/control.ts';
import type { AccountView } from '../../src-main/contract/views.ts';
import { appName } from '../app-name.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { accountTexts, ways } from '../texts/accounts.ts';
import { brands } from '../texts/sign-in.ts';
import { AccountActs } from './account-acts.tsx';
import styles from './account-card.module.css';
import { AccountHead } from './account-head.tsx';
import { AccountLife } from './account-life.tsx';
import { AccountScopes } from './account-scopes.tsx';
import { Panel } from './section.tsx';

interface AccountPanelProps {
  account: AccountView;
  snapshot: Snapshot;
  now: number;
}

/** All of one account: who, through which app, for how long, with which permissions and for which clients. */
export function AccountPanel({ account, snapshot, now }: AccountPanelProps) {
  const { t } = useLanguage();
  const app = snapshot.apps.find(({ id }) => id === account.appId);
  return (
    <Panel>
      <article className={styles.card} aria-label={account.name}>
        <AccountHead account={account}>
          <AccountActs account={account} />
        </AccountHead>
        {account.reason && <div className={styles.small}>{t(account.reason)}</div>}
        {account.state !== 'sign_in_needed' && <AccountLife account={account} now={now} />}
        <AccountFacts account={account} snapshot={snapshot} now={now} />
        <AccountScopes account={account} app={app} />
      </article>
    </Panel>
  );
}

function AccountFacts({ account, snapshot, now }: AccountPanelProps) {
  const { language, t } = useLanguage();
  const { apps, clients } = snapshot;
  const app = apps.find(({ id }) => id === account.appId);
  const appWords = account.way === 'token' ? t(accountTexts.noApp) : appName(app ?? { id: account.appId, name: null });
  const bound = clients.filter(
    ({ accountId }) => accountId === account.id || (accountId === null && account.isDefault),
  );
  const names = bound.map(({ name }) => name).join(language === 'zh' ? '、' : ', ');
  const facts: [string, string | null][] = [
    [t(accountTexts.app), `${appWords} · ${t(brands[account.brand])}`],
    [t(accountTexts.organization), account.tenantKey],
    [t(accountTexts.way), t(ways[account.way])],
    [t(accountTexts.renewal), account.way === 'token' ? null : t(renewalWords(account, language, now))],
    [t(accountTexts.clients), names || t(accountTexts.noClients)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function renewalWords({ lastRenewal }: AccountView, language: 'zh' | 'en', now: number) {
  if (!lastRenewal) return accountTexts.noRenewal;
  const when = formatMoment(lastRenewal.at, language, now);
  const code = lastRenewal.code ? accountTexts.code(lastRenewal.code)[language] : '';
  switch (lastRenewal.outcome) {
    case 'renewed':
      return accountTexts.renewed(when);
    case 'failed':
      return accountTexts.renewalFailed(when, code);
    case 'sign_in_needed':
      return accountTexts.renewalOver(when, code);
  }
}
