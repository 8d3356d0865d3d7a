import { NativeSelect } from '@mantine/core';
import { useLanguage } from '../language.tsx';
import type { AccountView } from '../../src-main/contract/views.ts';
import { useAction } from '../use-action.ts';
import { accountTexts } from '../texts/accounts.ts';

interface AccountSelectProps {
  /** Whose account it is. */
  client: string;
  value: string | null;
  accounts: AccountView[];
  /** What null means, in words. */
  otherwise: string;
  onChoose: (accountId: string | null) => Promise<unknown>;
}

/** As whom something works. It shows what the gateway says, also while a change is under way. */
export function AccountSelect({ client, value, accounts, otherwise, onChoose }: AccountSelectProps) {
  const { t } = useLanguage();
  const { busy, error, run } = useAction();
  const known = value === null || accounts.some(({ id }) => id === value);
  return (
    <NativeSelect
      size="xs"
      aria-label={t(accountTexts.accountOf(client))}
      value={value ?? ''}
      disabled={busy}
      error={error && t(error)}
      onChange={(change) => {
        const chosen = change.currentTarget.value || null;
        void run(async () => void (await onChoose(chosen)));
      }}
      data={[
        { value: '', label: otherwise },
        ...accounts.map(({ id, name }) => ({ value: id, label: name })),
        ...(known ? [] : [{ value, label: value }]),
      ]}
    />
  );
}
