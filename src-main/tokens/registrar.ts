import type { Brand } from '../contract/views.ts';

export interface Registration {
  brand: Brand;
  /** An app of ours that is to be extended; a new one is created when absent. */
  appId?: string;
  /** What a new app is called; `{user}` stands for the person's name. */
  name?: string;
  /** For persons. Added to what the app has; unknown ones are ignored by Feishu. */
  scopes: readonly string[];
  signal: AbortSignal;
  /** Open it or scan it. */
  onLink(link: { url: URL; expiresInMs: number }): void;
  onNote(note: RegistrationNote): void;
}

/** `domain_switched`: the person belongs to Lark international. `network`: Feishu cannot be reached just now. */
export type RegistrationNote = 'slow_down' | 'domain_switched' | 'network' | 'waiting';

export interface RegisteredApp {
  appId: string;
  appSecret: string;
  brand: Brand;
}

/**
 * Creates an app in the person's organization, or extends one, by a single confirmation in Feishu. Rejects with
 * `login_denied`, `login_expired`, `login_canceled` (the signal), or what stood in the way.
 */
export type Registrar = (registration: Registration) => Promise<RegisteredApp>;
