import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from '../../src-main/base/http-client.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { configSchema } from '../../src-main/contract/config.ts';
import type { StampedEvent } from '../../src-main/contract/events.ts';
import type { AccountView, NoticeView } from '../../src-main/contract/views.ts';
import { createLarkIssuer } from '../../src-main/providers/lark/lark-issuer.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { type Accounts, openAccounts } from '../../src-main/tokens/accounts.ts';
import type { AppCredentials, TokenIssuer } from '../../src-main/tokens/issuer.ts';
import { quiet } from '../unit/tokens/open-accounts.ts';
import { FakeClock } from './fake-clock.ts';
import { signInByCode } from './sign-in-by-code.ts';

const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';

/**
 * A person's machine with a gateway's token layer, and a sandbox somewhere else whose clock is always right. Days pass in
 * a moment: time moves minute by minute, and not before all that the last minute began is done.
 */
export class SimulatedMachine {
  /** What time it is. */
  readonly truth: FakeClock;
  /** What time the machine believes it is. */
  readonly clock: FakeClock;
  readonly sandbox: Sandbox;
  /** While true nothing outside can be reached. */
  offline = false;
  /** When each request for tokens went out, by the truth. */
  readonly tokenRequests: number[] = [];
  readonly events: StampedEvent[] = [];
  readonly #folder: string;
  readonly #send: HttpClient;
  #underWay = 0;
  #on: { accounts: Accounts; notices: Notices } | undefined;

  private constructor(parts: { truth: FakeClock; sandbox: Sandbox; folder: string }) {
    this.truth = parts.truth;
    this.clock = new FakeClock(parts.truth.now());
    this.sandbox = parts.sandbox;
    this.#folder = parts.folder;
    this.#send = createHttpClient({ clock: this.clock });
  }

  static async create(): Promise<SimulatedMachine> {
    const truth = new FakeClock();
    const sandbox = await createSandbox({ clock: truth });
    // Memory where there is such a folder: weeks of snapshots would keep a disk busy for minutes.
    const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'larkgate-simulated-'));
    const machine = new SimulatedMachine({ truth, sandbox, folder });
    onTestFinished(async () => {
      await machine.turnOff();
      await machine.#send.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    });
    return machine;
  }

  get accounts(): Accounts {
    if (!this.#on) throw new Error('The machine is off');
    return this.#on.accounts;
  }

  get notices(): NoticeView[] {
    return this.#on?.notices.standing() ?? [];
  }

  async turnOn(): Promise<void> {
    const { clock } = this;
    const bus = new EventBus(clock);
    bus.subscribe((event) => this.events.push(event));
    const notices = new Notices(bus, () => clock.now());
    const host = await createNodeHost(this.#folder, {});
    const issuerFor = (app: AppCredentials) => this.#issuerFor(app);
    const accounts = await openAccounts({
      clock,
      bus,
      notices,
      log: silentLog(),
      host,
      issuerFor,
      formerBrand: 'feishu',
    });
    const { appId, appSecret } = this.sandbox;
    await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
    this.#on = { accounts, notices };
    accounts.start();
    await this.#settled();
  }

  async turnOff(): Promise<void> {
    await this.#on?.accounts.close();
    this.#on = undefined;
  }

  /** Off for so long, or asleep when it is on: its clock goes on, its programs do not. */
  async rest(ms: number): Promise<void> {
    await this.truth.advance(ms);
    this.clock.jump(ms);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= minute) {
      const step = Math.min(left, minute);
      await this.truth.advance(step);
      await this.clock.advance(step);
      await this.#settled();
    }
  }

  async signIn(person?: string): Promise<AccountView> {
    const { sandbox, accounts } = this;
    const account = await signInByCode(accounts, { sandbox, issuer: this.#issuer(), person });
    this.tokenRequests.pop();
    return account;
  }

  /** As a call does: whom Feishu takes the account for. */
  async use(accountId: string): Promise<string> {
    const { accessToken } = await this.accounts.credential(accountId);
    return (await this.#issuer().whoIs(accessToken)).name;
  }

  #issuer(): TokenIssuer {
    const { appId, appSecret } = this.sandbox;
    return this.#issuerFor({ appId, appSecret, brand: 'feishu' });
  }

  #issuerFor(app: AppCredentials): TokenIssuer {
    const hosts = { open: this.sandbox.url, accounts: this.sandbox.url };
    const http: HttpClient = Object.assign((request: HttpRequest) => this.#exchange(request), {
      close: async () => {},
    });
    return createLarkIssuer({ ...app, http, clock: this.clock, hosts, settings: configSchema.parse({}).lark });
  }

  async #exchange(request: HttpRequest): ReturnType<HttpClient> {
    const { pathname, search } = request.url;
    if (pathname.endsWith('/token')) this.tokenRequests.push(this.truth.now());
    this.#underWay += 1;
    try {
      const url = this.offline ? new URL(pathname + search, nowhere) : request.url;
      const answer = await this.#send({ ...request, url });
      return { ...answer, headers: { ...answer.headers, date: new Date(this.truth.now()).toUTCString() } };
    } finally {
      this.#underWay -= 1;
    }
  }

  async #settled(): Promise<void> {
    do await quiet();
    while (this.#underWay > 0);
  }
}
