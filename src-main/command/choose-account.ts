import { Fault } from '../base/fault.ts';
import type { AccountView } from '../contract/views.ts';

/** The account that a person means: by id or name, or the default one. Throws `config_invalid` and lists what there is. */
export function chooseAccount(accounts: readonly AccountView[], who: string | undefined): AccountView {
  const found = accounts.filter(({ id, name, isDefault }) =>
    who === undefined ? isDefault : id === who || name === who,
  );
  const [account, other] = found;
  if (account && !other) return account;
  if (accounts.length === 0) throw new Fault('sign_in_required', { words: nobody });
  const list = accounts.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new Fault('config_invalid', {
    words: other
      ? { zh: `有多个账号叫这个名字，请用 ID：${list}`, en: `Several accounts have that name. Use the id: ${list}` }
      : { zh: `没有这个账号。现有：${list}`, en: `There is no such account. There are: ${list}` },
  });
}

const nobody = {
  zh: '还没有登录任何账号。运行 larkgate login。',
  en: 'Nobody is signed in yet. Run larkgate login.',
};
