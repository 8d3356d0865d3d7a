import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Brand } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { type AccountRecord, openTokens, ownerOf, sealTokens } from './account-record.ts';
import type { TokenSet } from './credential.ts';
import type { TokenIssuer } from './issuer.ts';
import type { Sealer } from './sealed.ts';
import { markPending, storeFailure, storeRenewed } from './vault-changes.ts';
import type { Vault } from './vault.ts';

/** Which tokens are to be replaced. When the account has others by now, somebody else renewed and nothing is to do. */
export interface RenewalRequest {
  accountId: string;
  tokensId: string;
}

export type RenewalResult =
  | { kind: 'unneeded' }
  | { kind: 'renewed'; ms: number; clockSkewMs: number | null }
  /** `sign_in_needed`: for good. `failed`: the tokens are kept and another try may work. */
  | { kind: 'failed' | 'sign_in_needed'; ms: number; fault: Fault };

export interface RenewalParts {
  vault: Vault;
  sealer: Sealer;
  clock: Clock;
  /** Throws `app_missing` when the app's secret is not known. */
  issuerOf(appId: string, brand: Brand): TokenIssuer;
}

/**
 * Replaces an account's tokens, once among all processes. The steps: lock, look again, write the mark, spend the refresh
 * token, write the new pair. Killed before the mark, nothing happened; after it, the next try finds out. Rejects with a
 * Fault when it ended before the refresh token was spent.
 */
export async function renewAccount(parts: RenewalParts, request: RenewalRequest): Promise<RenewalResult> {
  const { vault } = parts;
  return vault.withAccount(request.accountId, async () => {
    await vault.sync();
    const record = vault.account(request.accountId);
    if (record?.tokens.id !== request.tokensId || record.ended) return { kind: 'unneeded' };
    return spend(parts, record);
  });
}

async function spend(parts: RenewalParts, record: AccountRecord): Promise<RenewalResult> {
  const { vault, sealer, clock } = parts;
  const refreshToken = openTokens(sealer, record)?.refresh;
  if (!refreshToken) throw new Fault('sign_in_again');
  const issuer = parts.issuerOf(record.appId, record.brand);
  await vault.saveOrFail(markPending(record.id, record.tokens.id, clock.now()));
  const started = clock.monotonic();
  try {
    const renewed = await refreshTwiceIfLost(issuer, refreshToken);
    await keep(parts, record, issuer, renewed);
    const clockSkewMs = renewed.clockSkewMs ?? null;
    return { kind: 'renewed', ms: clock.monotonic() - started, clockSkewMs };
  } catch (thrown) {
    return recordFailure(parts, record, { thrown, ms: clock.monotonic() - started });
  }
}

async function refreshTwiceIfLost(issuer: TokenIssuer, refreshToken: string): Promise<TokenSet> {
  try {
    return await issuer.refresh(refreshToken);
  } catch (thrown) {
    if (!answerLost(Fault.from(thrown))) throw thrown;
  }
  try {
    return await issuer.refresh(refreshToken);
  } catch (thrown) {
    throw afterLoss(Fault.from(thrown));
  }
}

async function keep(parts: RenewalParts, record: AccountRecord, issuer: TokenIssuer, renewed: TokenSet): Promise<void> {
  const { vault, sealer, clock } = parts;
  const tokens = sealTokens(sealer, ownerOf(record), renewed, clock.now());
  const scopes = renewed.scopes.length > 0 ? renewed.scopes : record.scopes;
  await vault.save(storeRenewed(record.id, record.tokens.id, { tokens, scopes }));
  // Signed out meanwhile: what was just issued must not live on.
  if (!vault.account(record.id)) await issuer.revoke(renewed.refreshToken ?? renewed.accessToken).catch(() => {});
}

async function recordFailure(
  { vault, clock }: RenewalParts,
  record: AccountRecord,
  failure: { thrown: unknown; ms: number },
): Promise<RenewalResult> {
  let fault = Fault.from(failure.thrown);
  if (record.pendingSince !== null) fault = afterLoss(fault);
  const ended = fault.code === 'sign_in_again';
  const code = upstreamCode(fault);
  const change = { at: clock.now(), code, unknown: mayBeSpent(fault), ended: ended ? fault.words : null };
  await vault.save(storeFailure(record.id, record.tokens.id, change));
  return { kind: ended ? 'sign_in_needed' : 'failed', ms: failure.ms, fault };
}

/** Feishu's own code of a refusal, for records and pages. */
export function upstreamCode(fault: Fault): number | null {
  return typeof fault.details?.code === 'number' ? fault.details.code : null;
}

/** Whether the request may have been obeyed although no answer came. */
function answerLost(fault: Fault): boolean {
  return fault.code === 'timeout' || (fault.code === 'upstream_unreachable' && fault.details?.sent !== false);
}

/** The same, or the answer did not come from the token endpoint itself, such as a proxy's page. */
function mayBeSpent(fault: Fault): boolean {
  return answerLost(fault) || fault.code === 'upstream_broken';
}

/** When a token is refused as used and its last use had no answer, that use worked, and its fruits are lost. */
function afterLoss(fault: Fault): Fault {
  if (fault.code !== 'sign_in_again' || !fault.details?.spent) return fault;
  return new Fault('sign_in_again', { words: lostAnswer, cause: fault, details: fault.details });
}

const lostAnswer: Words = {
  zh: '续期时没有收到飞书的回答（网络中断或程序被终止），旧的刷新令牌已失效。请重新登录。',
  en: "Feishu's answer to a renewal was lost (the connection broke or the program was ended) and the old refresh token is void. Sign in again.",
};
