import type { Brand } from '../contract/views.ts';

/** What a call sends upstream on behalf of a person. */
export interface Credential {
  accountId: string;
  accessToken: string;
  /** Which of the two services the token belongs to: it goes to no other. */
  brand: Brand;
  /** The app that the person signed in to; null for a token that came from elsewhere. */
  appId: string | null;
}

/** A person's tokens as Feishu gave them. Times are wall-clock milliseconds. */
export interface TokenSet {
  accessToken: string;
  accessExpiresAt: number;
  /** Null when the app or the person did not grant offline_access: nothing can be renewed. */
  refreshToken: string | null;
  refreshExpiresAt: number | null;
  scopes: string[];
  /** How far this machine's clock is ahead of the server's, where that can be told. */
  clockSkewMs?: number;
}

/** Who signed in, from user_info. */
export interface Person {
  unionId: string;
  openId: string;
  name: string;
  avatarUrl: string | null;
  tenantKey: string | null;
}
