import { Button, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { useLanguage } from '../language.tsx';
import { loginsToShow } from '../login-steps.ts';
import { AccountPanel } from '../parts/account-panel.tsx';
import { AddAccount } from '../parts/add-account.tsx';
import { AppPanel } from '../parts/app-panel.tsx';
import { ClientTable } from '../parts/client-table.tsx';
import { LoginPanel } from '../parts/login-panel.tsx';
import { Empty, Section } from '../parts/section.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { linkTo, useRoute } from '../route.ts';
import { accountTexts } from '../texts/accounts.ts';
import { addTexts, loginTexts } from '../texts/sign-in.ts';
import { useNow } from '../use-now.ts';
import styles from './calls.module.css';
import lists from './overview.module.css';

/** Who works here, through which apps, and for which clients; and the place to sign in. */
export function AccountsPage({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  return (
    <>
      <Title order={1} size="h3">
        {t(accountTexts.title)}
      </Title>
      <p className={styles.hint}>{t(accountTexts.hint)}</p>
      <SigningIn snapshot={snapshot} />
      <SignedInAccounts snapshot={snapshot} />
      <Apps snapshot={snapshot} />
    </>
  );
}

/** The sign-ins under way, the one this page led to, and the steps to add another account. */
function SigningIn({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const { parameters } = useRoute();
  const chosen = parameters.get('login');
  const logins = loginsToShow(snapshot.logins, chosen);
  const added = snapshot.accounts.find(({ id }) => id === parameters.get('added'));
  const shown = logins.length > 0 || added !== undefined;
  // The form waits for its answer while the login it began has no link yet: one of the two is enough.
  const busy = logins.some(({ id, state }) => id === chosen || state === 'starting');
  const adding = parameters.has('add') ? !busy : snapshot.accounts.length === 0 && !shown;
  return (
    <>
      {shown && (
        <Section title={t(loginTexts.section)}>
          <div className={lists.list}>
            {added && <SignedIn account={added} mcpUrl={snapshot.mcpUrl} />}
            {logins.map((login) => (
              <LoginPanel key={login.id} login={login} snapshot={snapshot} chosen={login.id === chosen} />
            ))}
          </div>
        </Section>
      )}
      {adding && (
        <Section title={t(addTexts.title)}>
          <AddAccount snapshot={snapshot} />
        </Section>
      )}
    </>
  );
}

function SignedInAccounts({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const now = useNow();
  const { accounts, clients } = snapshot;
  const add = (
    <Button size="xs" variant="default" component="a" href={linkTo('accounts', { add: 'choose' })}>
      {t(addTexts.title)}
    </Button>
  );
  return (
    <>
      {accounts.length > 0 && (
        <Section title={t(accountTexts.signedIn)} aside={add}>
          <div className={lists.list}>
            {accounts.map((account) => (
              <AccountPanel key={account.id} account={account} snapshot={snapshot} now={now} />
            ))}
          </div>
        </Section>
      )}
      <Section title={t(accountTexts.clientKeys)}>
        {clients.length === 0 ? (
          <Empty title={t(accountTexts.clientKeysEmpty)} hint={t(accountTexts.clientKeysEmptyHint)} />
        ) : (
          <>
            <p className={styles.hint}>{t(accountTexts.clientKeysHint)}</p>
            <ClientTable clients={clients} accounts={accounts} now={now} />
          </>
        )}
      </Section>
    </>
  );
}

function Apps({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const { apps } = snapshot;
  return (
    <Section title={t(accountTexts.apps)}>
      {apps.length === 0 ? (
        <Empty title={t(accountTexts.appsEmpty)} hint={t(accountTexts.appsEmptyHint)} />
      ) : (
        <div className={lists.list}>
          {apps.map((app) => (
            <AppPanel key={app.id} app={app} />
          ))}
        </div>
      )}
    </Section>
  );
}
