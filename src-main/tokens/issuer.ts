import type { Person, TokenSet } from './credential.ts';

/** An OAuth server, in its own dialect. Every method rejects with a Fault whose details carry the server's code. */
export interface TokenIssuer {
  /** Names the app; part of every account's identity. */
  readonly appId: string;
  /** Where the person's browser goes. */
  authorizeUrl(request: AuthorizeRequest): URL;
  exchangeCode(code: string, request: { redirectUri: string; codeVerifier: string }): Promise<TokenSet>;
  /**
   * Spends the refresh token: it is void afterwards, whether the answer arrives or not. Rejects with `sign_in_again` when
   * the token is of no more use to anybody; with any other fault it may still be. `details.spent`
   * says that it had been used before.
   */
  refresh(refreshToken: string): Promise<TokenSet>;
  revoke(token: string): Promise<void>;
  whoIs(accessToken: string): Promise<Person>;
}

export interface AuthorizeRequest {
  redirectUri: string;
  state: string;
  /** PKCE S256 challenge (RFC 7636). */
  codeChallenge: string;
  scopes: string[];
}
