import { randomBytes } from 'node:crypto';
import { Fault } from '../../../src-main/base/fault.ts';
import type { Person, TokenSet } from '../../../src-main/tokens/credential.ts';
import type { TokenIssuer } from '../../../src-main/tokens/issuer.ts';
import type { FakeClock } from '../../helpers/fake-clock.ts';
import { FakeDevices } from './fake-devices.ts';

export const appId = 'cli_unit';
export const appSecret = 'unit-secret-canary';

export function person(name: string): Person {
  return { unionId: `on_${name}`, openId: `ou_${name}`, name, avatarUrl: null, tenantKey: 'tenant_1' };
}

const hour = 3_600_000;
const usual = ['offline_access', 'im:message'];

/** What the next refresh does instead of working. `lost`: it works, but its answer never arrives. */
export type Trouble = 'lost' | 'server' | 'network' | 'secret' | 'switch' | 'ended' | 'hangs';

interface Refreshable {
  person: Person;
  app: string;
  expiresAt: number;
  state: 'live' | 'used' | 'revoked';
}

/** Feishu as the token layer sees it, with single-use refresh tokens. */
export class FakeFeishu {
  readonly clock: FakeClock;
  /** Refresh tokens in the order they came, and how each ended. */
  readonly refreshes: { token: string; outcome: 'renewed' | 'refused' | Trouble }[] = [];
  readonly revoked: string[] = [];
  /** The scopes of each visit to the authorize page. */
  readonly asked: string[][] = [];
  readonly trouble: Trouble[] = [];
  /** Scopes that no app has enabled: asked for, they are not granted. */
  readonly withheld = new Set<string>();
  accessSeconds = 7200;
  offline = true;
  /** Set: refreshes wait for it. */
  gate: Promise<void> | undefined;
  readonly devices: FakeDevices;
  readonly #access = new Map<string, { person: Person; app: string; expiresAt: number }>();
  readonly #refresh = new Map<string, Refreshable>();
  /** What a person ever granted to an app. */
  readonly #granted = new Map<string, Set<string>>();

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.devices = new FakeDevices(clock, (who, app, scopes) => this.#mint(who, app, scopes));
  }

  get renewed(): number {
    return this.refreshes.filter(({ outcome }) => outcome === 'renewed' || outcome === 'lost').length;
  }

  signIn(who: Person, app = appId, scopes: readonly string[] = usual): TokenSet {
    return this.#mint(who, app, scopes);
  }

  /** Who a call with this token would be made for. */
  accepts(accessToken: string): Person | undefined {
    const token = this.#access.get(accessToken);
    return token && token.expiresAt > this.#elapsed() ? token.person : undefined;
  }

  voidRefreshTokens(): void {
    for (const token of this.#refresh.values()) token.state = 'revoked';
  }

  issuer = (app: string): TokenIssuer => ({
    appId: app,
    authorizeUrl: ({ redirectUri, state, codeChallenge, scopes }) => {
      this.asked.push(scopes);
      const query = new URLSearchParams({ redirectUri, state, codeChallenge, scope: scopes.join(' ') });
      return new URL(`https://feishu.example/authorize?${query}`);
    },
    exchangeCode: async (code) => {
      if (code === 'unreachable') throw new Fault('upstream_unreachable', { details: { sent: true } });
      if (!code.startsWith('code-')) throw new Fault('login_failed', { details: { code: 20003 } });
      return this.#mint(person(code.slice('code-'.length)), app, this.asked.at(-1) ?? usual);
    },
    beginDevice: async (scopes) => this.devices.begin(app, scopes),
    pollDevice: (deviceCode) => this.devices.poll(app, deviceCode),
    refresh: (token) => this.#spend(token, app),
    revoke: async (token) => {
      this.revoked.push(token);
      const who = this.#refresh.get(token)?.person ?? this.#access.get(token)?.person;
      for (const one of this.#refresh.values()) if (one.person === who) one.state = 'revoked';
      for (const [key, one] of this.#access) if (one.person === who) this.#access.delete(key);
    },
    whoIs: async (accessToken) => {
      const who = this.accepts(accessToken);
      if (!who) throw new Fault('login_failed', { details: { code: 20005 } });
      if (who.name === 'nobody') throw new Fault('upstream_broken');
      return who;
    },
  });

  async #spend(token: string, app: string): Promise<TokenSet> {
    const trouble = this.trouble.shift();
    const record = { token, outcome: trouble ?? ('refused' as 'refused' | 'renewed' | Trouble) };
    this.refreshes.push(record);
    await this.gate;
    if (trouble === 'hangs') return new Promise(() => {});
    const fault = trouble && trouble !== 'lost' ? faults[trouble]() : undefined;
    if (fault) throw fault;
    const entry = this.#refresh.get(token);
    if (!entry) throw refusal(20026);
    if (entry.app !== app) throw refusal(20024);
    if (entry.state === 'used') throw refusal(20073);
    if (entry.state === 'revoked') throw refusal(20064);
    if (entry.expiresAt <= this.#elapsed()) throw refusal(20037);
    entry.state = 'used';
    const tokens = this.#mint(entry.person, app, []);
    if (trouble === 'lost') throw new Fault('timeout');
    record.outcome = 'renewed';
    return tokens;
  }

  #mint(who: Person, app: string, scopes: readonly string[]): TokenSet {
    const key = JSON.stringify([app, who.unionId]);
    const granted = new Set([...(this.#granted.get(key) ?? []), ...scopes].filter((one) => !this.withheld.has(one)));
    this.#granted.set(key, granted);
    const [access, refresh] = [
      `canary-access-${randomBytes(12).toString('hex')}`,
      `canary-refresh-${randomBytes(12).toString('hex')}`,
    ];
    this.#access.set(access, { person: who, app, expiresAt: this.#elapsed() + this.accessSeconds * 1000 });
    this.#refresh.set(refresh, { person: who, app, expiresAt: this.#elapsed() + 168 * hour, state: 'live' });
    const now = this.clock.now();
    return {
      accessToken: access,
      accessExpiresAt: now + this.accessSeconds * 1000,
      refreshToken: this.offline ? refresh : null,
      refreshExpiresAt: this.offline ? now + 168 * hour : null,
      scopes: [...granted],
    };
  }

  /** Feishu's own clock is right, whatever becomes of this machine's. */
  #elapsed(): number {
    return this.clock.monotonic();
  }
}

const faults = {
  server: () => new Fault('upstream_broken', { details: { code: 20050 } }),
  network: () => new Fault('upstream_unreachable', { details: { sent: false } }),
  secret: () => new Fault('app_credentials', { details: { code: 20002 } }),
  switch: () => new Fault('upstream_refused', { details: { code: 20074 } }),
  ended: () => new Fault('sign_in_again', { details: { code: 20026 } }),
  hangs: () => undefined,
} satisfies Record<Exclude<Trouble, 'lost'>, () => Fault | undefined>;

function refusal(code: number): Fault {
  return new Fault('sign_in_again', { details: { code, ...((code === 20073 || code === 20064) && { spent: true }) } });
}
