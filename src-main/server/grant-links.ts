import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Signer } from '../base/signer.ts';
import type { LoginView } from '../contract/views.ts';

const sealedGrant = z.strictObject({
  id: z.string(),
  /** Monotonic. */
  until: z.number(),
  /** `grant`: the person consents to more. `extend`: the app gets more first. */
  kind: z.enum(['grant', 'extend']),
  accountId: z.string(),
  scopes: z.array(z.string()),
  /** What the client that asks calls itself. */
  asker: z.string().nullable(),
});

export type Grant = Omit<z.infer<typeof sealedGrant>, 'id' | 'until'>;

/** How a link becomes a login. */
export interface GrantLogins {
  begin(grant: Grant): Promise<LoginView>;
  get(loginId: string): LoginView | undefined;
}

interface Opened {
  until: number;
  used: boolean;
  loginId: string | undefined;
  beginning: Promise<LoginView> | undefined;
}

const lifeMs = 60 * 60_000;

/**
 * Links by which a person lets one account do more. Each is good for an hour of this run of the gateway, for one account
 * and for one login that is completed; until then it may be opened again.
 */
export class GrantLinks {
  readonly #clock: Clock;
  readonly #signer: Signer;
  /** A link of an earlier run is not known here any more, so it opens nothing. */
  readonly #purpose = `grant-link/${randomBytes(16).toString('base64url')}`;
  readonly #opened = new Map<string, Opened>();

  constructor(parts: { clock: Clock; signer: Signer }) {
    this.#clock = parts.clock;
    this.#signer = parts.signer;
  }

  path(grant: Grant): string {
    const id = randomBytes(16).toString('base64url');
    const text = JSON.stringify({ id, until: this.#clock.monotonic() + lifeMs, ...grant });
    const sealed = this.#signer.seal(this.#purpose, Buffer.from(text).toString('base64url'));
    return `/oauth/start?grant=${sealed}`;
  }

  /** The login that a link leads to: the one it began before, or a new one. Rejects with `login_state`. */
  async follow(sealed: string, logins: GrantLogins): Promise<{ grant: Grant; login: LoginView }> {
    const { id, until, ...grant } = this.#read(sealed);
    const opened = this.#opened.get(id) ?? { until, used: false, loginId: undefined, beginning: undefined };
    this.#opened.set(id, opened);
    if (opened.used) throw spentLink();
    const known = opened.loginId === undefined ? undefined : logins.get(opened.loginId);
    if (known?.state === 'done') throw spentLink();
    if (known?.state === 'starting' || known?.state === 'waiting') return { grant, login: known };
    // Two tabs that open a link at once share what it begins.
    opened.beginning ??= logins.begin(grant).finally(() => (opened.beginning = undefined));
    const login = await opened.beginning;
    opened.loginId = login.id;
    return { grant, login };
  }

  /** The login is completed: so is the link that began it. */
  spend(loginId: string): void {
    for (const opened of this.#opened.values()) if (opened.loginId === loginId) opened.used = true;
  }

  #read(sealed: string): z.infer<typeof sealedGrant> {
    const now = this.#clock.monotonic();
    for (const [id, { until }] of this.#opened) if (until <= now) this.#opened.delete(id);
    const text = this.#signer.open(this.#purpose, sealed);
    if (text === undefined) throw spentLink();
    const grant = sealedGrant.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (grant.until <= now) throw spentLink();
    return grant;
  }
}

/** The fault of a link that leads nowhere any more. */
export function spentLink(): Fault {
  return new Fault('login_state', { words: spent });
}

const spent = {
  zh: '这个授权链接无效、已用过或已过期（一小时内有效，网关重启后失效），没有保存任何内容。请在 AI 客户端里重试刚才的调用，会得到新的链接。',
  en: 'This permission link is invalid, used or expired (it is good for one hour and until the gateway restarts). Nothing was stored. Repeat the call in your AI client to get a new link.',
};
