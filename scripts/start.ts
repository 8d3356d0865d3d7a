import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Words } from '../src-main/contract/words.ts';

/**
 * Starts the built desktop app where Electron's runtime is there or can be fetched; otherwise says why not and runs the
 * gateway without it. What is only for the gateway, such as --sandbox or --port, asks for that.
 */
const projectFolder = fileURLToPath(new URL('..', import.meta.url));

export interface Machine {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  isRoot: boolean;
  argv: readonly string[];
}

/** Why this machine gets no window; undefined when it can have one. */
export function whyNoWindow({ platform, environment, isRoot, argv }: Machine): Words | undefined {
  const own = argv.find((argument) => argument !== '--hidden');
  if (own !== undefined) return { zh: `${own} 只用于网关`, en: `${own} is for the gateway alone` };
  if (platform !== 'linux') return undefined;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY'])
    return { zh: '没有图形界面', en: 'there is no display' };
  return isRoot ? { zh: 'Electron 不能以 root 运行', en: 'Electron does not run as root' } : undefined;
}

const noRuntime: Words = {
  zh: 'Electron 运行时没有安装，也无法下载',
  en: "Electron's runtime is not installed and could not be downloaded",
};

/** The program of Electron's runtime, where it is installed. */
function findRuntime(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const name = join(folder, 'path.txt');
  const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!existsSync(name)) return elsewhere && join(elsewhere, 'electron');
  return join(elsewhere ?? join(folder, 'dist'), readFileSync(name, 'utf8').trim());
}

/** Downloads the runtime where its server answers; where it does not, waiting for it would take a minute. */
async function fetchRuntime(): Promise<void> {
  const server = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/';
  try {
    await fetch(server, { method: 'HEAD', signal: AbortSignal.timeout(3000) });
  } catch {
    return;
  }
  const installer = createRequire(import.meta.url).resolve('electron/install.js');
  spawnSync(process.execPath, [installer], { stdio: 'inherit' });
}

async function start(argv: string[]): Promise<number> {
  const { platform, env: environment } = process;
  let why = whyNoWindow({ platform, environment, isRoot: process.getuid?.() === 0, argv });
  if (why === undefined && !findRuntime()) await fetchRuntime();
  const runtime = findRuntime();
  if (runtime === undefined) why ??= noRuntime;
  if (why !== undefined || runtime === undefined) {
    process.stderr.write(`没有桌面窗口，因为${why?.zh}；以无界面方式运行网关。\n`);
    process.stderr.write(`No desktop window, because ${why?.en}: running the gateway without it.\n`);
    const gateway = ['--max-semi-space-size=16', join(projectFolder, 'dist/larkgate.mjs'), 'serve'];
    return run(process.execPath, [...gateway, ...argv]);
  }
  return run(runtime, [projectFolder, ...argv]);
}

/** Runs a program to its end; signals for us are for it. */
async function run(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

if (import.meta.main) process.exitCode = await start(process.argv.slice(2));
