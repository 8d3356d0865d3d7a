import { Fault } from '../../base/fault.ts';
import { shortId } from '../../base/digest.ts';
import type { Credential } from '../../tokens/credential.ts';
import type { Call, Stage } from '../call.ts';
import type { Session } from '../session.ts';

export interface AuthorizeParts {
  accounts: {
    defaultId(): string | undefined;
    credential(accountId: string): Promise<Credential>;
  };
  /** A link that signs a person in for this session, asking for these scopes besides the usual ones. */
  signInLink(session: Session, scopes?: readonly string[]): string;
}

/** The only place where a token meets a call. Without a signed-in person the call ends here: it never becomes the app. */
export function authorize({ accounts, signInLink }: AuthorizeParts): Stage {
  return (next) => async (call) => {
    if (!call.tool?.needsAccount) return next(call);
    try {
      call.credential = await credentialOf(call, accounts);
      return await next(call);
    } catch (thrown) {
      throw withSignInLink(Fault.from(thrown), call, signInLink);
    }
  };
}

async function credentialOf(call: Call, accounts: AuthorizeParts['accounts']): Promise<Credential> {
  const { manualToken, accountId: ofKey } = call.caller;
  if (manualToken !== null) {
    call.accountId = shortId('manual', manualToken);
    return { accountId: call.accountId, accessToken: manualToken };
  }
  const accountId = call.session.accountId ?? ofKey ?? accounts.defaultId();
  if (accountId === undefined) throw new Fault('sign_in_required');
  call.accountId = accountId;
  return accounts.credential(accountId);
}

/** What only the person can mend comes with the link that mends it. */
function withSignInLink(fault: Fault, call: Call, signInLink: AuthorizeParts['signInLink']): Fault {
  if (call.caller.manualToken !== null) return fault;
  const details = { ...fault.details };
  if (fault.code === 'sign_in_required' || fault.code === 'sign_in_again')
    details['signInUrl'] = signInLink(call.session);
  else if (fault.code === 'scope_required') details['grantUrl'] = signInLink(call.session, leastOf(details['anyOf']));
  else return fault;
  return new Fault(fault.code, { words: fault.words, details, cause: fault.cause });
}

/** Of scopes that would each do, the one that allows least: a reading one where there is one. */
function leastOf(anyOf: unknown): string[] {
  const scopes = Array.isArray(anyOf) ? anyOf.filter((scope) => typeof scope === 'string') : [];
  const least = scopes.find((scope) => /:read(only)?$|:retrieve$/.test(scope)) ?? scopes[0];
  return least === undefined ? [] : [least];
}
