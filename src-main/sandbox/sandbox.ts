import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { makePrivateFolder } from '../base/files.ts';
import type { Brand } from '../contract/views.ts';
import { requireDemoSecret } from './accounts/demo-secret.ts';
import { RegistrationBook } from './accounts/registration-book.ts';
import { maple } from './company/maple.ts';
import { qinghe } from './company/qinghe.ts';
import { Store } from './company/store.ts';
import { Site } from './site.ts';
import { SandboxClock } from './wire/sandbox-clock.ts';

export interface SandboxOptions {
  clock: Clock;
  /** Of the Feishu origin. 0, the usual value, asks the system for a free one. */
  port?: number;
  appId?: string;
  appSecret?: string;
  /** A SQLite file in which tokens and data outlive the process; kept in memory when absent. */
  stateFile?: string;
  /** Before every answer, as a far-away server would take. */
  delayMs?: number;
  /** How often a device code or a registration may be asked about: 5 seconds at Feishu, 1 at least. */
  deviceIntervalS?: number;
}

/** What a person does on a page: picks an account by its key, such as `lin.xiaoyu`, or the first, and says yes, or no. */
export interface Choice {
  person?: string;
  deny?: boolean;
}

/**
 * A stand-in for Feishu and for Lark international, each on an origin of its own: accounts pages, token endpoints and
 * OpenAPI, with a made-up company behind. Neither knows the other's apps, people and tokens.
 */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, both the accounts host and the open host of Feishu. */
  readonly url: string;
  /** A console app of Feishu. */
  readonly appId: string;
  readonly appSecret: string;
  /** The same for Lark international. */
  readonly larkUrl: string;
  readonly larkAppId: string;
  readonly larkAppSecret: string;
  /** On the consent page. Resolves to where the browser would go next, without going there. */
  consent(authorizeUrl: URL, choice?: Choice): Promise<URL>;
  /** On the page of a device sign-in. */
  confirmDevice(url: URL, choice?: Choice): Promise<void>;
  /** On the page where an app is created or extended. */
  confirmRegistration(url: URL, choice?: Choice): Promise<void>;
  close(): Promise<void>;
}

export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const credentials = { id: options.appId ?? 'cli_sandbox000000000', secret: options.appSecret ?? 'sandbox-secret' };
  requireDemoSecret(credentials.secret);
  if (options.stateFile !== undefined) await makePrivateFolder(dirname(options.stateFile));
  const store = new Store(options.stateFile);
  const clock = new SandboxClock(options.clock, store);
  const { delayMs = 0, deviceIntervalS } = options;
  const settings = deviceIntervalS === undefined ? {} : { deviceIntervalS };

  const feishu = new Site({
    brand: 'feishu',
    shelf: store,
    clock,
    story: qinghe,
    home: { ...credentials, settings },
    delayMs,
  });
  const larkHome = { id: 'cli_sandboxlark00000', secret: 'sandbox-lark-secret', settings };
  const lark = new Site({ brand: 'lark', shelf: store.shelf('lark'), clock, story: maple, home: larkHome, delayMs });
  const apps = { feishu: feishu.apps, lark: lark.apps };
  const registrations = new RegistrationBook({ shelf: store, apps, now: () => clock.now() });
  await feishu.open({ port: options.port ?? 0, apps, registrations });
  await lark.open({ port: 0, apps, registrations });

  const browser = new PersonInFront({ feishu, lark });
  return {
    url: feishu.url,
    appId: credentials.id,
    appSecret: credentials.secret,
    larkUrl: lark.url,
    larkAppId: larkHome.id,
    larkAppSecret: larkHome.secret,
    consent: (url, choice) => browser.consent(url, choice),
    confirmDevice: (url, choice) => browser.confirm(url, choice),
    confirmRegistration: (url, choice) => browser.confirm(url, choice),
    close: async () => {
      await Promise.all([feishu.close(), lark.close()]);
      clock.stop();
      store.close();
    },
  };
}

/** Whoever looks at the pages of both sites. */
class PersonInFront {
  readonly #sites: Record<Brand, Site>;

  constructor(sites: Record<Brand, Site>) {
    this.#sites = sites;
  }

  async consent(url: URL, choice: Choice = {}): Promise<URL> {
    const { status, location, body } = await this.#decide(url, choice);
    if (status === 302 && location !== undefined) return new URL(location);
    throw pageFault(body, status);
  }

  async confirm(url: URL, choice: Choice = {}): Promise<void> {
    const { status, body } = await this.#decide(url, choice);
    if (status !== 200) throw pageFault(body, status);
  }

  #decide(url: URL, { person, deny = false }: Choice) {
    const site = Object.values(this.#sites).find((one) => one.url === url.origin);
    if (!site) throw new Fault('login_failed', { details: { why: `${url.origin} is not this sandbox` } });
    return site.submit(url, { ...(person !== undefined && { person }), decision: deny ? 'deny' : 'allow' });
  }
}

function pageFault(body: string, status: number): Fault {
  const why = /role="alert">([^<]*)</.exec(body)?.[1] ?? `HTTP ${status}`;
  return new Fault('login_failed', { details: { why } });
}
