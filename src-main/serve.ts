import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './app.ts';
import { systemClock } from './base/clock.ts';
import { Fault } from './base/fault.ts';
import { type Host, createNodeHost } from './base/host.ts';
import { removeRunFile, writeRunFile } from './base/run-file.ts';
import { SettingsFile } from './base/settings-file.ts';
import type { ServeOptions } from './cli.ts';
import type { Config } from './contract/config.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { appFromEnvironment, openHeadlessApp } from './headless-app.ts';
import { welcome } from './welcome.ts';

/** Runs the gateway in plain Node until a signal ends it. Resolves to the exit code. */
export async function serve(options: ServeOptions, folders: { data: string; program: string }): Promise<number> {
  const { data: dataFolder } = folders;
  if (existsSync('.env')) process.loadEnvFile('.env');
  const host = await createNodeHost(dataFolder);
  const file = new SettingsFile(dataFolder);
  const settings = await file.read();
  if (options.port !== undefined) settings.server.port = options.port;
  const sandbox = options.sandbox ? await openSandbox(dataFolder, settings) : undefined;
  const appSecret = sandbox ? sandbox.appSecret : appFromEnvironment(settings);

  const app = await openHeadlessApp({ host, file, settings, appSecret, programFolder: folders.program });
  surviveStrayErrors();
  const run = { pid: process.pid, port: app.port, startedAt: systemClock.now() };
  await writeRunFile(dataFolder, run).catch((error: unknown) => warnOfRunFile(Fault.from(error)));
  if (sandbox && !options.signedOut) await signInDemo(sandbox, app);
  announce(options, app, { sandbox, host });
  await untilSignal();
  await removeRunFile(dataFolder, run);
  await app.close();
  await sandbox?.close();
  return 0;
}

async function openSandbox(dataFolder: string, settings: Config): Promise<Sandbox> {
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const sandbox = await createSandbox({ clock: systemClock, stateFile: join(dataFolder, 'sandbox.sqlite') });
  const { appId, url, larkUrl } = sandbox;
  const twin = { larkOpenUrl: larkUrl, larkAccountsUrl: larkUrl };
  Object.assign(settings.lark, { appId, openUrl: url, accountsUrl: url, ...twin, scopes: [] });
  return sandbox;
}

/** The demo person stays signed in from one start to the next, like everybody. */
async function signInDemo(sandbox: Sandbox, app: App): Promise<void> {
  if (app.accounts().some(({ state }) => state === 'signed_in')) return;
  const { signInDemoPerson } = await import('./sandbox/demo-sign-in.ts');
  await signInDemoPerson(sandbox, app.urls.signIn);
}

function announce(
  options: ServeOptions,
  app: App,
  { sandbox, host }: { sandbox: Sandbox | undefined; host: Host },
): void {
  const { mcp, sse, health, metrics, signIn } = app.urls;
  const facts = {
    mcp,
    sse,
    key: app.keys.defaultSecret,
    dashboard: app.dashboardLink(),
    signIn,
    health,
    metrics,
    sandbox: sandbox?.url ?? null,
  };
  if (options.json) process.stdout.write(`${JSON.stringify({ ready: true, ...facts, pid: process.pid })}\n`);
  else process.stderr.write(welcome({ ...facts, hasApp: app.hasApp(), dataFolder: host.dataFolder }));
}

/** Without the file other commands work on the data folder, beside this gateway instead of through it. */
function warnOfRunFile({ words }: Fault): void {
  process.stderr.write(`gateway.json: ${words.zh}\ngateway.json: ${words.en}\n`);
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
