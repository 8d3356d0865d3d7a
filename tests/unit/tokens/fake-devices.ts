import { randomBytes } from 'node:crypto';
import { Fault } from '../../../src-main/base/fault.ts';
import type { Person, TokenSet } from '../../../src-main/tokens/credential.ts';
import type { DeviceGrant, DevicePoll } from '../../../src-main/tokens/issuer.ts';
import type { FakeClock } from '../../helpers/fake-clock.ts';

/** What the next poll does instead of answering. `lost`: it is obeyed, but its answer never arrives. */
export type PollTrouble = 'lost' | 'network' | 'slow' | 'busy';

interface Device {
  app: string;
  userCode: string;
  scopes: string[];
  who: Person | undefined;
  state: 'pending' | 'allowed' | 'denied' | 'used';
  expiresAt: number;
  intervalMs: number;
}

/** Feishu's device authorization, strict about its interval. */
export class FakeDevices {
  readonly begun: { app: string; scopes: string[] }[] = [];
  /** When each poll came, by the clock of Feishu. */
  readonly polls: number[] = [];
  /** Polls that came before their time. */
  tooFast = 0;
  readonly trouble: PollTrouble[] = [];
  beginFault: Fault | undefined;
  lifeMs = 240_000;
  readonly #clock: FakeClock;
  readonly #mint: (who: Person, app: string, scopes: readonly string[]) => TokenSet;
  readonly #devices = new Map<string, Device>();
  readonly #nextPoll = new Map<string, number>();

  constructor(clock: FakeClock, mint: (who: Person, app: string, scopes: readonly string[]) => TokenSet) {
    this.#clock = clock;
    this.#mint = mint;
  }

  begin(app: string, scopes: readonly string[]): DeviceGrant {
    if (this.beginFault) throw this.beginFault;
    this.begun.push({ app, scopes: [...scopes] });
    const deviceCode = `canary-device-${randomBytes(8).toString('hex')}`;
    const userCode = randomBytes(4).toString('hex').toUpperCase();
    const [expiresAt, intervalMs] = [this.#clock.monotonic() + this.lifeMs, 5000];
    this.#devices.set(deviceCode, {
      app,
      userCode,
      scopes: [...scopes],
      expiresAt,
      intervalMs,
      who: undefined,
      state: 'pending',
    });
    this.#nextPoll.set(deviceCode, this.#clock.monotonic() + intervalMs);
    const url = new URL(`https://feishu.example/device?user_code=${userCode}`);
    return { deviceCode, userCode, url, expiresInMs: this.lifeMs, intervalMs };
  }

  async poll(app: string, deviceCode: string): Promise<DevicePoll> {
    const now = this.#clock.monotonic();
    this.polls.push(now);
    const device = this.#devices.get(deviceCode);
    if (now < (this.#nextPoll.get(deviceCode) ?? 0)) this.tooFast += 1;
    const trouble = this.trouble.shift();
    if (trouble === 'slow' && device) device.intervalMs += 5000;
    this.#nextPoll.set(deviceCode, now + (device?.intervalMs ?? 0));
    if (trouble === 'slow') return { kind: 'slow_down' };
    if (trouble === 'network') throw new Fault('upstream_unreachable', { details: { sent: false } });
    if (trouble === 'busy') throw new Fault('upstream_busy', { retryAfterMs: 30_000 });
    const answer = this.#answer(app, device);
    if (trouble === 'lost') throw new Fault('timeout');
    return answer;
  }

  /** What a person does on the page that the link opens. */
  confirm(url: string | null, who: Person): void {
    const device = this.#find(url);
    if (device?.state === 'pending') Object.assign(device, { who, state: 'allowed' });
  }

  deny(url: string | null): void {
    const device = this.#find(url);
    if (device?.state === 'pending') device.state = 'denied';
  }

  #answer(app: string, device: Device | undefined): DevicePoll {
    if (!device || device.app !== app || device.state === 'used') throw new Fault('login_expired');
    if (device.expiresAt <= this.#clock.monotonic()) throw new Fault('login_expired');
    if (device.state === 'denied') throw new Fault('login_denied');
    if (!device.who) return { kind: 'pending' };
    device.state = 'used';
    return { kind: 'granted', tokens: this.#mint(device.who, app, device.scopes) };
  }

  #find(url: string | null): Device | undefined {
    const userCode = url === null ? null : new URL(url).searchParams.get('user_code');
    return [...this.#devices.values()].find((device) => device.userCode === userCode);
  }
}
