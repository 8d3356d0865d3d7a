import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type App, type AppOptions, startApp } from '../../src-main/app.ts';
import { type Clock, systemClock } from '../../src-main/base/clock.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { type ConfigInput, configSchema } from '../../src-main/contract/config.ts';
import { demoScopes } from '../../src-main/sandbox/demo-sign-in.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';

export interface GatewayOptions {
  config?: ConfigInput;
  clock?: Clock;
  /** A folder that outlives this gateway; a temporary one otherwise. */
  data?: string;
  /** Someone else's sandbox; an own one otherwise. */
  sandbox?: Sandbox;
  signedIn?: boolean;
  /** Without an app: the settings name none and nothing is stored. */
  appless?: boolean;
  mount?: AppOptions['mount'];
  keepSettings?: AppOptions['keepSettings'];
}

export interface StartedGateway {
  app: App;
  sandbox: Sandbox;
  data: string;
  mcp: string;
  sse: string;
  key: string;
  addKey(name: string): Promise<string>;
  /** Signs in as a person of the sandbox, the way a browser would. */
  signIn(person?: string, startUrl?: string): Promise<Response>;
  close(): Promise<void>;
}

/** The real app in front of the sandbox, on free ports, in a folder of its own. */
export async function startGateway(options: GatewayOptions = {}): Promise<StartedGateway> {
  const clock = options.clock ?? systemClock;
  const sandbox = options.sandbox ?? (await createSandbox({ clock }));
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'larkgate-')));
  const settings = configSchema.parse({
    ...options.config,
    server: { port: 0, ...options.config?.server },
    lark: {
      appId: options.appless ? '' : sandbox.appId,
      openUrl: sandbox.url,
      accountsUrl: sandbox.url,
      larkOpenUrl: sandbox.larkUrl,
      larkAccountsUrl: sandbox.larkUrl,
      scopes: options.appless ? [] : demoScopes,
      ...options.config?.lark,
    },
  });
  const app = await startApp({
    host: await createNodeHost(data, {}),
    settings,
    version: '0.0.0-test',
    appSecret: options.appless ? undefined : sandbox.appSecret,
    folders: { catalog: 'resources/catalog', dashboard: resolve('dist/dashboard') },
    clock,
    ...(options.mount && { mount: options.mount }),
    ...(options.keepSettings && { keepSettings: options.keepSettings }),
  });
  const signIn = (person?: string, startUrl = app.urls.signIn) => signInAs(sandbox, startUrl, person);
  if (options.signedIn !== false && !options.appless) {
    const { status } = await signIn();
    if (status !== 200) throw new Error(`Nobody signed in: ${status}`);
  }
  return {
    app,
    sandbox,
    data,
    mcp: app.urls.mcp,
    sse: app.urls.sse,
    key: app.keys.defaultSecret,
    addKey: async (name) => (await app.keys.add(name)).secret,
    signIn,
    close: async () => {
      await app.close(0);
      if (!options.sandbox) await sandbox.close();
      if (!options.data) await rm(data, { recursive: true, force: true });
    },
  };
}

async function signInAs(sandbox: Sandbox, startUrl: string, person: string | undefined): Promise<Response> {
  const start = await fetch(startUrl, { redirect: 'manual' });
  const cookie = start.headers.get('set-cookie')?.split(';')[0] ?? '';
  const location = start.headers.get('location');
  if (!location) return start;
  const callback = await sandbox.consent(new URL(location), person === undefined ? {} : { person });
  return fetch(callback, { headers: { cookie } });
}
