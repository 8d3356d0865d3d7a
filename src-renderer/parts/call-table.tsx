import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { AccountView, CallView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { formatMoment, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import { CallDetail } from './call-detail.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import { Panel } from './section.tsx';
import styles from './table.module.css';

interface CallTableProps {
  title: string;
  calls: CallView[];
  accounts: AccountView[];
  now: number;
}

/** Calls, newest first; each opens its details. */
export function CallTable({ title, calls, accounts, now }: CallTableProps) {
  const { t } = useLanguage();
  const [openId, setOpenId] = useState<string>();
  const open = calls.find((call) => call.id === openId);
  return (
    <Panel>
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t(common.time)}</th>
            <th scope="col">{t(common.tool)}</th>
            <th scope="col" className={styles.wide}>
              {t(common.client)}
            </th>
            <th scope="col" className={styles.wide}>
              {t(common.account)}
            </th>
            <th scope="col">{t(common.outcome)}</th>
            <th scope="col" className={styles.number}>
              {t(common.duration)}
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow key={call.id} call={call} accounts={accounts} now={now} onOpen={setOpenId} />
          ))}
        </tbody>
      </table>
      <CallDetail call={open} accounts={accounts} onClose={() => setOpenId(undefined)} />
    </Panel>
  );
}

interface CallRowProps {
  call: CallView;
  accounts: AccountView[];
  now: number;
  onOpen: (id: string) => void;
}

function CallRow({ call, accounts, now, onOpen }: CallRowProps) {
  const { language, t } = useLanguage();
  return (
    <tr>
      <td className={styles.time}>{formatMoment(call.startedAt, language, now)}</td>
      <td>
        <UnstyledButton className={styles.open} aria-haspopup="dialog" onClick={() => onOpen(call.id)}>
          {call.tool}
        </UnstyledButton>
      </td>
      <td className={styles.wide}>{call.client ?? t(common.unknownClient)}</td>
      <td className={styles.wide}>{accountName(call.accountId, accounts) ?? t(common.none)}</td>
      <td>
        <OutcomeBadge outcome={call.outcome} />
      </td>
      <td className={styles.number}>{call.ms === null ? '–' : formatMs(call.ms)}</td>
    </tr>
  );
}
