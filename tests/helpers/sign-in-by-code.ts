import { createHash } from 'node:crypto';
import type { AccountView, Brand } from '../../src-main/contract/views.ts';
import type { Sandbox } from '../../src-main/sandbox/sandbox.ts';
import type { Accounts } from '../../src-main/tokens/accounts.ts';
import type { TokenIssuer } from '../../src-main/tokens/issuer.ts';

const redirectUri = 'http://127.0.0.1:5275/oauth/callback';
const codeVerifier = 'v'.repeat(43);
const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
const scopes = ['offline_access', 'contact:user.base:readonly'];

export interface CodeSignIn {
  sandbox: Sandbox;
  issuer: TokenIssuer;
  brand?: Brand;
  /** By key; the first one of the brand otherwise. */
  person?: string | undefined;
}

/** Signs a person of the sandbox in, without a browser and without LarkGate's own pages. */
export async function signInByCode(
  accounts: Accounts,
  { sandbox, issuer, person, brand = 'feishu' }: CodeSignIn,
): Promise<AccountView> {
  const url = issuer.authorizeUrl({ redirectUri, state: 'state', codeChallenge, scopes });
  const back = await sandbox.consent(url, person === undefined ? {} : { person });
  const tokens = await issuer.exchangeCode(back.searchParams.get('code') ?? '', { redirectUri, codeVerifier });
  const who = await issuer.whoIs(tokens.accessToken);
  return accounts.add({ appId: issuer.appId, brand, way: 'browser', asked: scopes }, tokens, who);
}
