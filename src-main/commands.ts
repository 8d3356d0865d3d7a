import './base/zod-settings.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from './base/clock.ts';
import { Fault } from './base/fault.ts';
import { createNodeHost } from './base/host.ts';
import { keepAlive } from './base/keep-alive.ts';
import { SettingsFile } from './base/settings-file.ts';
import { type Command, type Place, parseCommand } from './cli.ts';
import { listAccounts, logOut, makeDefault, renew } from './command/account-commands.ts';
import { appCommand } from './command/app-commands.ts';
import { connectCommand } from './command/connect-command.ts';
import { doctorCommand } from './command/doctor-command.ts';
import type { FollowParts } from './command/follow-login.ts';
import { reachGateway, reachRunning } from './command/gateway-link.ts';
import { manageKeys } from './command/keys-command.ts';
import { openLocalConnections } from './command/local-connections.ts';
import { loginCommand } from './command/login-command.ts';
import { requireKept } from './command/require-kept.ts';
import { openTerminal } from './command/terminal.ts';
import { usage } from './command/usage.ts';
import { appFromEnvironment, openHeadlessApp, thisMachine } from './headless-app.ts';
import { serve } from './serve.ts';
import { version } from './version.ts';

/** Runs one command line of the program in `programFolder`; resolves to the exit code. */
export async function run(argv: string[], programFolder: string): Promise<number> {
  try {
    return await execute(parseCommand(argv), programFolder);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    process.stderr.write(`${fault.words.zh}\n${fault.words.en}\n`);
    const why = fault.details?.['why'] ?? (fault.code === 'internal' ? fault.cause : undefined);
    if (why !== undefined) process.stderr.write(`${why instanceof Error ? why.message : JSON.stringify(why)}\n`);
    return 1;
  }
}

async function execute(command: Command, programFolder: string): Promise<number> {
  switch (command.name) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      process.stdout.write(`${version}\n`);
      return 0;
    case 'keys':
      await manageKeys(command, await createNodeHost(dataFolder(command)));
      return 0;
    case 'connect':
      return connectClient(command, programFolder);
    case 'serve':
      return serve(command, { data: dataFolder(command), program: programFolder });
    default:
      return throughGateway(command, programFolder);
  }
}

type GatewayCommand = Extract<Command, { name: 'login' | 'accounts' | 'logout' | 'renew' | 'doctor' | 'app' }>;

/** Works in this process, where the person's environment says which files their clients read. */
async function connectClient(command: Extract<Command, { name: 'connect' }>, programFolder: string): Promise<number> {
  const release = keepAlive();
  const host = await createNodeHost(dataFolder(command));
  const settings = await new SettingsFile(host.dataFolder).read();
  const machine = thisMachine();
  const local = { host, settings, clock: systemClock, machine, programFolder, runtime: process.execPath };
  const link = await reachRunning(host);
  try {
    await connectCommand(command, {
      connections: await openLocalConnections(local),
      sessions: async () => (link ? (await link.call('snapshot', {})).sessions : undefined),
      terminal: openTerminal(command),
      clock: systemClock,
      signal: onInterrupt(),
    });
    return 0;
  } finally {
    await link?.close();
    release();
  }
}

/** Aborted by the first Ctrl-C. */
function onInterrupt(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted.signal;
}

/** Commands about people and apps: they work through the running gateway, or through one that they start for the moment. */
async function throughGateway(command: GatewayCommand, programFolder: string): Promise<number> {
  // Waiting for a person is no reason to end, and nothing else here holds the process.
  const release = keepAlive();
  const host = await createNodeHost(dataFolder(command));
  const link = await reachGateway(host, () => {
    if (command.sandbox) throw new Fault('config_invalid', { words: sandboxNotRunning });
    return openFolder(host, command, programFolder);
  });
  const parts = { link, terminal: openTerminal(command), clock: systemClock, signal: onInterrupt() };
  try {
    const code = await act(command, parts);
    if (isChange(command)) await requireKept(link);
    return code;
  } finally {
    await link.close();
    release();
  }
}

/** What only looks is answered where nothing can be kept, too. `login` asks by itself, before it says that it worked. */
function isChange(command: GatewayCommand): boolean {
  const looks = command.name === 'doctor' || ('action' in command && command.action === 'list');
  return !looks && command.name !== 'login';
}

async function act(command: GatewayCommand, parts: FollowParts): Promise<number> {
  switch (command.name) {
    case 'login':
      await loginCommand(command, parts);
      return 0;
    case 'accounts':
      await (command.action === 'list' ? listAccounts(parts) : makeDefault(command.subject, parts));
      return 0;
    case 'logout':
      await logOut(command, parts);
      return 0;
    case 'renew':
      await renew(command, parts);
      return 0;
    case 'app':
      await appCommand(command, parts);
      return 0;
    case 'doctor':
      return (await doctorCommand(command.appId, parts)) ? 0 : 1;
  }
  return command satisfies never;
}

async function openFolder(
  host: Awaited<ReturnType<typeof createNodeHost>>,
  command: GatewayCommand,
  programFolder: string,
) {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const file = new SettingsFile(host.dataFolder);
  const settings = await file.read();
  // The browser comes back to the usual port; everything else needs none in particular.
  if (!(command.name === 'login' && command.way === 'browser')) settings.server.port = 0;
  settings.log.level = 'warn';
  const appSecret = appFromEnvironment(settings);
  return openHeadlessApp({ host, file, settings, appSecret, programFolder });
}

/** The sandbox keeps to a folder of its own, so that trying never touches the real accounts. */
function dataFolder({ data, sandbox }: Pick<Place, 'data' | 'sandbox'>): string {
  const folder = data ?? process.env['LARKGATE_DATA'] ?? 'data';
  return resolve(data === undefined && sandbox ? join(folder, 'sandbox') : folder);
}

const sandboxNotRunning = {
  zh: '模拟飞书没有运行。先在另一个终端运行 npm run try 或 larkgate serve --sandbox。',
  en: 'The sandbox is not running. Run npm run try or larkgate serve --sandbox in another terminal first.',
};
