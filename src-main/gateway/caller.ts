/** Who sends a request: proved by a key, at an address. */
export interface Caller {
  keyId: string;
  /** The account this key is bound to, or null for the default one. */
  accountId: string | null;
  /** The peer's address as the socket has it; never from a header. */
  address: string;
  /** A Feishu user_access_token that the client sent itself. Used for this request and kept nowhere. */
  manualToken: string | null;
}
