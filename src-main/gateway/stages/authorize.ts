import { shortId } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import type { AccountView, AppView, Brand } from '../../contract/views.ts';
import type { Words } from '../../contract/words.ts';
import type { Credential } from '../../tokens/credential.ts';
import type { Call, Stage } from '../call.ts';
import { leastOf } from '../least-scope.ts';
import type { Session } from '../session.ts';

/** What a person is asked for: to consent to more, or to let the app have more first. */
export interface GrantWish {
  kind: 'grant' | 'extend';
  accountId: string;
  scopes: string[];
}

export interface AuthorizeParts {
  accounts: {
    /** `id`, or that of the default account where there is one. */
    whenKnown(id: string | undefined): Promise<string | undefined>;
    get(accountId: string): AccountView | undefined;
    credential(accountId: string): Promise<Credential>;
  };
  apps: {
    get(appId: string): AppView | undefined;
    /** Null where that is not known. */
    enabledScopes(appId: string): string[] | null;
  };
  /** Where tokens belong that clients bring themselves. */
  brand: Brand;
  /** A link that signs a person in for this session. */
  signInLink(session: Session): string;
  /** A link by which the account's person, and nobody else, grants what the call lacks. */
  grantLink(session: Session, wish: GrantWish): string;
}

/** The only place where a token meets a call. Without a signed-in person the call ends here: it never becomes the app. */
export function authorize(parts: AuthorizeParts): Stage {
  return (next) => async (call) => {
    if (!call.tool?.needsAccount) return next(call);
    try {
      call.credential = await credentialOf(call, parts);
      return await next(call);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      // Of a token that the client brought itself nobody here can say more.
      if (call.caller.manualToken !== null) throw fault;
      throw withRemedy(fault, call, parts);
    }
  };
}

async function credentialOf(call: Call, { accounts, brand }: AuthorizeParts): Promise<Credential> {
  const { manualToken, accountId: ofKey } = call.caller;
  if (manualToken !== null) {
    call.accountId = shortId('manual', manualToken);
    return { accountId: call.accountId, accessToken: manualToken, brand, appId: null };
  }
  const bound = call.session.accountId ?? ofKey ?? undefined;
  const accountId = await accounts.whenKnown(bound);
  if (accountId === undefined) throw new Fault('sign_in_required');
  call.accountId = accountId;
  try {
    return await accounts.credential(accountId);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    // Another account may be signed in, but this client was told to be this one.
    if (fault.code !== 'sign_in_required' || bound === undefined) throw fault;
    throw new Fault('sign_in_required', { words: boundElsewhere, cause: fault });
  }
}

/** What only the person can mend comes with the link that mends it. */
function withRemedy(fault: Fault, call: Call, parts: AuthorizeParts): Fault {
  switch (fault.code) {
    case 'sign_in_required':
    case 'sign_in_again':
      return signInFault(fault, call, parts);
    case 'scope_required':
      return isPasted(call, parts) ? signInFault(fault, call, parts, cannotWiden) : grantFault(fault, call, parts);
    case 'app_scope_required':
      return extensionFault(fault, call, parts);
    default:
      return fault;
  }
}

function signInFault(fault: Fault, call: Call, { signInLink }: AuthorizeParts, words: Words = fault.words): Fault {
  return remedied(fault, words, { ...fault.details, signInUrl: signInLink(call.session) });
}

function grantFault(fault: Fault, call: Call, { apps, grantLink }: AuthorizeParts): Fault {
  const appId = call.credential?.appId ?? null;
  const scopes = leastOf(fault.details?.['anyOf'], appId === null ? null : apps.enabledScopes(appId));
  const accountId = call.accountId ?? '';
  const grantUrl = grantLink(call.session, { kind: 'grant', accountId, scopes });
  return remedied(fault, fault.words, { ...fault.details, grantUrl });
}

/** An app that was created here is changed by a scan; the person need not see the developer console. */
function extensionFault(fault: Fault, call: Call, { apps, grantLink }: AuthorizeParts): Fault {
  const scopes = leastOf(fault.details?.['anyOf'], null);
  const appId = call.credential?.appId ?? null;
  const isOurs = appId !== null && apps.get(appId)?.origin === 'registered';
  if (!isOurs || scopes.length === 0) return fault;
  const details: Record<string, unknown> = { ...fault.details };
  delete details['consoleUrl'];
  const wish: GrantWish = { kind: 'extend', accountId: call.accountId ?? '', scopes };
  return remedied(fault, enableByLink(scopes), { ...details, grantUrl: grantLink(call.session, wish) });
}

function isPasted(call: Call, { accounts }: AuthorizeParts): boolean {
  return accounts.get(call.accountId ?? '')?.way === 'token';
}

function remedied(fault: Fault, words: Words, details: Record<string, unknown>): Fault {
  return new Fault(fault.code, { words, details, cause: fault.cause });
}

const boundElsewhere: Words = {
  zh: '这个客户端绑定的账号已在 LarkGate 退出登录。请打开链接用该账号登录，或在控制台为这个客户端换一个账号，然后重试。',
  en: 'The account that this client is bound to is signed out. Open the link and sign in as it, or choose another account for this client on the dashboard; then try again.',
};

const cannotWiden: Words = {
  zh: '粘贴的 user_access_token 没有所需的权限，而且无法增加。请打开链接登录，或换一个包含该权限的令牌，然后重试。',
  en: 'The pasted user_access_token lacks a permission this needs and cannot be given more. Open the link to sign in, or paste a token that has it; then try again.',
};

function enableByLink(scopes: string[]): Words {
  const names = scopes.join(' ');
  return {
    zh: `应用还没有开通所需的权限 ${names}。请把链接交给用户：打开后确认为应用开通并授权，然后重试同一调用；不需要开发者后台。`,
    en: `The app has not enabled a permission this needs: ${names}. Give the person the link: they confirm it for the app and consent. Then repeat the same call; no developer console is needed.`,
  };
}
