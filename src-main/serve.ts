import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type App, startApp } from './app.ts';
import { systemClock } from './base/clock.ts';
import { type Host, createNodeHost } from './base/host.ts';
import { SettingsFile } from './base/settings-file.ts';
import type { ServeOptions } from './cli.ts';
import type { Config } from './contract/config.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { createChildRenewer } from './tokens/child-renewer.ts';
import { version } from './version.ts';
import { welcome } from './welcome.ts';

/** Runs the gateway in plain Node until a signal ends it. Resolves to the exit code. */
export async function serve(options: ServeOptions, folders: { data: string; program: string }): Promise<number> {
  const { data: dataFolder } = folders;
  const built = (name: string) => findBuilt(folders.program, name);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const host = await createNodeHost(dataFolder);
  const file = new SettingsFile(dataFolder);
  const settings = await file.read();
  if (options.port !== undefined) settings.server.port = options.port;
  const sandbox = options.sandbox ? await openSandbox(dataFolder, settings) : undefined;
  const appSecret = sandbox ? sandbox.appSecret : await findApp(settings, file);

  const app = await startApp({
    host,
    settings,
    version,
    appSecret,
    folders: { catalog: built('catalog'), dashboard: built('dashboard') },
    renewer: createChildRenewer(built('renew-worker.mjs'), settings),
  });
  surviveStrayErrors();
  if (sandbox && !options.signedOut) await signInDemo(sandbox, app);
  announce(options, app, { sandbox, host });
  await untilSignal();
  await app.close();
  await sandbox?.close();
  return 0;
}

/** What the build puts beside the program. When the sources run as they are, it is found under dist. */
function findBuilt(programFolder: string, name: string): string {
  const beside = join(programFolder, name);
  return existsSync(beside) ? beside : join(programFolder, '..', 'dist', name);
}

async function openSandbox(dataFolder: string, settings: Config): Promise<Sandbox> {
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const sandbox = await createSandbox({ clock: systemClock, stateFile: join(dataFolder, 'sandbox.sqlite') });
  const { demoScopes } = await import('./sandbox/demo-sign-in.ts');
  const { appId, url } = sandbox;
  Object.assign(settings.lark, { appId, openUrl: url, accountsUrl: url, scopes: demoScopes });
  return sandbox;
}

/** The demo person stays signed in from one start to the next, like everybody. */
async function signInDemo(sandbox: Sandbox, app: App): Promise<void> {
  if (app.accounts().some(({ state }) => state === 'signed_in')) return;
  const { signInDemoPerson } = await import('./sandbox/demo-sign-in.ts');
  await signInDemoPerson(sandbox, app.urls.signIn);
}

/** The app's id and secret: from the environment, or asked for where a person sits at the terminal. */
async function findApp(settings: Config, file: SettingsFile): Promise<string | undefined> {
  const { FEISHU_APP_ID: id, FEISHU_APP_SECRET: secret } = process.env;
  if (id) settings.lark.appId = id.trim();
  if (secret) return secret.trim();
  if (settings.lark.appId || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const appId = (await terminal.question('飞书应用 App ID / Feishu App ID (cli_…): ')).trim();
    const appSecret = (await terminal.question('App Secret: ')).trim();
    if (!appId || !appSecret) return undefined;
    const saved = await file.merge('lark', { appId });
    settings.lark.appId = saved.lark.appId;
    return appSecret;
  } finally {
    terminal.close();
  }
}

function announce(
  options: ServeOptions,
  app: App,
  { sandbox, host }: { sandbox: Sandbox | undefined; host: Host },
): void {
  const { mcp, sse, health, metrics } = app.urls;
  const facts = {
    mcp,
    sse,
    key: app.keys.defaultSecret,
    dashboard: app.dashboardLink(),
    health,
    metrics,
    sandbox: sandbox?.url ?? null,
  };
  if (options.json) process.stdout.write(`${JSON.stringify({ ready: true, ...facts, pid: process.pid })}\n`);
  else process.stderr.write(welcome({ ...facts, signIn: app.urls.signIn, dataFolder: host.dataFolder }));
}

/** An error nobody caught must not take the sessions of everybody with it. */
function surviveStrayErrors(): void {
  const report = (error: unknown) =>
    process.stderr.write(`${error instanceof Error ? error.name : 'Error'} (uncaught)\n`);
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  // Whoever read our output may be gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
