import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { AccountView } from '../contract/views.ts';
import { accountIdOf } from './account-record.ts';
import type { Accounts } from './accounts.ts';
import type { Attempt } from './attempt.ts';
import type { TokenSet } from './credential.ts';
import { Deadline } from './deadline.ts';
import { awaitGrant } from './device-flow.ts';
import type { TokenIssuer } from './issuer.ts';
import { consentOf, isLastStep, moves } from './login.ts';
import { loginNotes } from './login-words.ts';

export interface SignInFlowParts {
  clock: Clock;
  accounts: Accounts;
}

/** Has the person confirm every consent by the device flow. Resolves when the last one is stored. */
export async function confirmByDevice(parts: SignInFlowParts, attempt: Attempt): Promise<AccountView> {
  for (;;) {
    const issuer = issuerOf(parts, attempt);
    const tokens = await oneGrant(parts, attempt, issuer);
    const account = await keepSignIn(parts, attempt, { issuer, tokens });
    if (isLastStep(attempt.login)) return account;
    attempt.advance({ accountId: account.id });
  }
}

/** The scopes of the consent under way. */
export function scopesNow(attempt: Attempt): string[] {
  return attempt.batches[consentOf(attempt.login)] ?? [];
}

export function issuerOf({ accounts }: SignInFlowParts, { login }: Attempt): TokenIssuer {
  if (login.appId === null) throw new Fault('app_missing');
  return accounts.apps.issuerOf(login.appId);
}

/**
 * Finds out who consented and signs them in. Rejects, and stores nothing, when the attempt was ended meanwhile, or with
 * `account_mismatch` when another person had to consent.
 */
export async function keepSignIn(
  { accounts }: SignInFlowParts,
  attempt: Attempt,
  { issuer, tokens }: { issuer: TokenIssuer; tokens: TokenSet },
): Promise<AccountView> {
  const person = await issuer.whoIs(tokens.accessToken);
  return attempt.store(async () => {
    const { accountId, brand, way, scopes } = attempt.login;
    const consented = accountIdOf(issuer.appId, person.unionId);
    if (accountId !== null && accountId !== consented) throw new Fault('account_mismatch');
    return accounts.add({ appId: issuer.appId, brand, way, asked: scopes }, tokens, person);
  });
}

async function oneGrant({ clock }: SignInFlowParts, attempt: Attempt, issuer: TokenIssuer): Promise<TokenSet> {
  const { signal } = attempt;
  const grant = await issuer.beginDevice(scopesNow(attempt));
  signal.throwIfAborted();
  const deadline = new Deadline(clock, grant.expiresInMs);
  attempt.show({ url: grant.url.href, userCode: grant.userCode, expiresAt: deadline.at });
  const onReached = (reached: boolean) => attempt.move(moves.note(reached ? null : loginNotes.network));
  return awaitGrant({ clock, issuer, signal, onReached }, grant, deadline);
}
