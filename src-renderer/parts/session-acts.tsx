import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AccountView, SessionView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { accountTexts } from '../texts/accounts.ts';
import { common } from '../texts/common.ts';
import { sessionTexts } from '../texts/sessions.ts';
import { AccountSelect } from './account-select.tsx';
import { Confirm } from './confirm.tsx';

/** As whom a session works, and the choice of another account. */
export function SessionAccount({ session, accounts }: { session: SessionView; accounts: AccountView[] }) {
  const { t } = useLanguage();
  return (
    <AccountSelect
      client={session.client?.name ?? t(common.unknownClient)}
      value={session.accountId}
      accounts={accounts}
      otherwise={t(accountTexts.followsClient)}
      onChoose={(accountId) => callControl('bindSession', { sessionId: session.id, accountId })}
    />
  );
}

/** Ends a session, after a question. */
export function EndButton({ session }: { session: SessionView }) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  const name = session.client?.name ?? t(common.unknownClient);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t(sessionTexts.endOf(name))}
        onClick={() => setAsking(true)}
      >
        {t(sessionTexts.end)}
      </Button>
      <Confirm
        opened={asking}
        title={t(sessionTexts.endTitle(name))}
        hint={t(sessionTexts.endHint)}
        act={t(sessionTexts.end)}
        onAct={async () => void (await callControl('endSession', { sessionId: session.id }))}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
