import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import type { AccountView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import { useAction } from '../use-action.ts';
import { Confirm } from './confirm.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** What can be done about an account. */
export function AccountActs({ account }: { account: AccountView }) {
  const { t } = useLanguage();
  const { error, run } = useAction();
  const [renewing, setRenewing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const { id: accountId, name } = account;
  const renew = async () => {
    setRenewing(true);
    await run(async () => void (await callControl('renew', { accountId })));
    setRenewing(false);
  };
  return (
    <>
      <SignInAgain account={account} />
      {account.state === 'signed_in' && account.refreshExpiresAt !== null && (
        <Button size="xs" variant="default" loading={renewing} onClick={() => void renew()}>
          {t(overview.renew)}
        </Button>
      )}
      {!account.isDefault && (
        <Button
          size="xs"
          variant="default"
          onClick={() => void run(async () => void (await callControl('setDefaultAccount', { accountId })))}
        >
          {t(overview.makeDefault)}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setLeaving(true)}>
        {t(overview.signOut)}
      </Button>
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
      <Confirm
        opened={leaving}
        title={t(overview.signOutTitle(name))}
        hint={t(overview.signOutHint)}
        act={t(overview.signOut)}
        onAct={async () => void (await callControl('signOut', { accountId }))}
        onClose={() => setLeaving(false)}
      />
    </>
  );
}
