import type { Brand } from '../contract/views.ts';
import type { Person, TokenSet } from './credential.ts';

/** An app as its OAuth server knows it. */
export interface AppCredentials {
  appId: string;
  appSecret: string;
  brand: Brand;
}

/** An OAuth server, in its own dialect. Every method rejects with a Fault whose details carry the server's code. */
export interface TokenIssuer {
  /** Names the app; part of every account's identity. */
  readonly appId: string;
  /** Where the person's browser goes. */
  authorizeUrl(request: AuthorizeRequest): URL;
  exchangeCode(code: string, request: { redirectUri: string; codeVerifier: string }): Promise<TokenSet>;
  /** Begins a device authorization (RFC 8628). */
  beginDevice(scopes: readonly string[]): Promise<DeviceGrant>;
  /** Asks once whether the person has confirmed. Rejects with `login_denied`, `login_expired` or another fault. */
  pollDevice(deviceCode: string): Promise<DevicePoll>;
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

export interface DeviceGrant {
  /** Secret. */
  deviceCode: string;
  userCode: string;
  /** The verification page with the user code filled in. */
  url: URL;
  expiresInMs: number;
  intervalMs: number;
}

export type DevicePoll = { kind: 'granted'; tokens: TokenSet } | { kind: 'pending' } | { kind: 'slow_down' };
