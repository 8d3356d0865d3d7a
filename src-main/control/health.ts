import type { Health } from '../contract/control.ts';
import type { AccountView, NoticeView } from '../contract/views.ts';

/** Ready unless a standing notice warns, or an account works again only after a person signs in. */
export function healthOf(notices: NoticeView[], accounts: AccountView[]): Health {
  const reasons = [...notices.filter((notice) => notice.level !== 'info'), ...accounts.flatMap(signInReason)];
  return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
}

/** Without the person's name: health is told to whoever asks. */
function signInReason({ id, state, reason, lastRenewal, accessExpiresAt }: AccountView): NoticeView[] {
  if (state !== 'sign_in_needed') return [];
  const words = {
    zh: `有账号需要重新登录。${reason?.zh ?? ''}`,
    en: `An account must sign in again. ${reason?.en ?? ''}`.trimEnd(),
  };
  return [{ id: `account.${id}`, level: 'warning', words, since: lastRenewal?.at ?? accessExpiresAt }];
}
