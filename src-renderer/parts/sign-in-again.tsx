import { Alert, Button } from '@mantine/core';
import type { AccountView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { accountTexts } from '../texts/accounts.ts';
import { overview } from '../texts/overview.ts';
import { useBegin } from '../use-begin.ts';

/** What mends an account that no longer works, or has its person consent anew, the way they signed in before. */
export function SignInAgain({ account }: { account: AccountView }) {
  const { t } = useLanguage();
  const { busy, error, begin } = useBegin();
  const { id: accountId, way } = account;
  const needed = account.state === 'sign_in_needed';
  const variant = needed ? 'filled' : 'default';
  if (way === 'token') {
    return (
      <Button size="xs" variant={variant} component="a" href={linkTo('accounts', { add: 'token' })}>
        {t(accountTexts.pasteAgain)}
      </Button>
    );
  }
  return (
    <>
      <Button
        size="xs"
        variant={variant}
        loading={busy}
        onClick={() => begin({ method: 'login', input: { way, accountId } })}
      >
        {t(needed ? overview.signInAgain : accountTexts.consent)}
      </Button>
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
    </>
  );
}
