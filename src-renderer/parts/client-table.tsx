import { Badge } from '@mantine/core';
import type { AccountView, ClientView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { accountTexts } from '../texts/accounts.ts';
import { common } from '../texts/common.ts';
import { AccountSelect } from './account-select.tsx';
import { Panel } from './section.tsx';
import styles from './table.module.css';

interface ClientTableProps {
  clients: ClientView[];
  accounts: AccountView[];
  now: number;
}

/** Every client key, and as whom it works. */
export function ClientTable({ clients, accounts, now }: ClientTableProps) {
  const { language, t } = useLanguage();
  const byDefault = accounts.find(({ isDefault }) => isDefault)?.name ?? null;
  return (
    <Panel>
      <table className={styles.table} aria-label={t(accountTexts.clientKeys)}>
        <thead>
          <tr>
            <th scope="col">{t(common.client)}</th>
            <th scope="col">{t(accountTexts.worksAs)}</th>
            <th scope="col" className={styles.wide}>
              {t(accountTexts.created)}
            </th>
          </tr>
        </thead>
        <tbody>
          {clients.map(({ keyId, name, accountId, createdAt }) => (
            <tr key={keyId}>
              <td>
                {name}{' '}
                {keyId === 'default' && (
                  <Badge variant="light" color="gray">
                    {t(accountTexts.sharedKey)}
                  </Badge>
                )}
              </td>
              <td>
                <AccountSelect
                  client={name}
                  value={accountId}
                  accounts={accounts}
                  otherwise={t(accountTexts.followsDefault(byDefault))}
                  onChoose={(chosen) => callControl('bindClient', { keyId, accountId: chosen })}
                />
              </td>
              <td className={`${styles.time} ${styles.wide}`}>{formatMoment(createdAt, language, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
