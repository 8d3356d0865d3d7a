import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { createHome, projectFolder, type TemporaryHome } from '../helpers/run-node.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';
import { signInByCode } from '../helpers/sign-in-by-code.ts';
import { startHolder } from '../helpers/start-holder.ts';

const rounds = 100;

let sandbox: Sandbox;
let home: TemporaryHome;
let accountId: string;
let person: string;

beforeAll(async () => {
  sandbox = await createSandbox({ clock: systemClock });
  home = await createHome();
  ({ accountId, person } = await signIn());
});

afterAll(async () => {
  await sandbox.close();
  await home.remove();
});

async function signIn(): Promise<{ accountId: string; person: string }> {
  const { accounts, close } = await openSandboxAccounts({ folder: home.path, url: sandbox.url });
  const { appId, appSecret } = sandbox;
  await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
  const issuer = accounts.apps.issuerOf(appId);
  const { id } = await signInByCode(accounts, { sandbox, issuer });
  const { openId } = await issuer.whoIs((await accounts.credential(id)).accessToken);
  await close();
  return { accountId: id, person: openId };
}

const start = () => startHolder({ folder: home.path, url: sandbox.url, accountId, how: 'child' });

/** Numbers in [0, 1), the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function countRefreshes(): Promise<number> {
  const answer = await fetch(`${sandbox.url}/__state`);
  const { refreshes } = (await answer.json()) as { refreshes: number };
  return refreshes;
}

describe('a person stays signed in', () => {
  test(`through ${rounds} kills of the gateway at random moments of a renewal`, { timeout: 600_000 }, async () => {
    const random = randomFrom(20260707);
    const first = start();
    expect(await first.order('use')).toEqual({ person });
    const started = performance.now();
    expect(await first.order('refused')).toEqual({ person });
    const whole = performance.now() - started;
    await first.kill();
    for (let round = 0; round < rounds; round += 1) {
      const holder = start();
      expect(await holder.order('use'), `round ${round}`).toEqual({ person });
      const renewal = holder.order('refused');
      await passing(random() * whole * 1.2);
      await holder.kill();
      await renewal;
    }
    const last = start();
    expect(await last.order('use')).toEqual({ person });
    expect(await last.order('refused')).toEqual({ person });
    await last.kill();
  });
});

describe('the process that renews', () => {
  test('goes on to the end when it is told to stop', async () => {
    const before = await countRefreshes();
    await spoil({ path: '/oauth/v3/token', kind: 'delay', delayMs: 300 });
    const worker = await startWorker();
    while ((await countRequests('/oauth/v3/token')) === 0) await passing(5);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) worker.process.kill(signal);
    await worker.ended;
    expect(worker.process.exitCode).toBe(0);
    expect(await countRefreshes()).toBe(before + 1);
  });

  test('does nothing when the gateway dies before it could say what to do', async () => {
    const before = await countRefreshes();
    for (const input of ['', '{"dataFolder":"/']) await (await startWorker(input)).ended;
    expect(await countRefreshes()).toBe(before);
  });
});

/** The child of a gateway, without the gateway. */
async function startWorker(input?: string): Promise<{ process: ChildProcess; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ['src-main/renew-worker.ts'], {
    cwd: projectFolder,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? JSON.stringify(await readJob()));
  return { process: child, ended: once(child, 'exit') };
}

async function readJob(): Promise<Record<string, unknown>> {
  const snapshot = JSON.parse(await readFile(join(home.path, 'token-snapshot.json'), 'utf8'));
  const [account] = snapshot.accounts as { id: string; tokens: { id: string } }[];
  const masterKeyHex = (await readFile(join(home.path, 'master.key'), 'utf8')).trim();
  const lark = { openUrl: sandbox.url, accountsUrl: sandbox.url };
  return {
    dataFolder: home.path,
    masterKeyHex,
    accountId: account?.id,
    tokensId: account?.tokens.id,
    lark,
    network: {},
  };
}

async function spoil(fault: Record<string, unknown>): Promise<void> {
  await fetch(`${sandbox.url}/__log`, { method: 'DELETE' });
  await fetch(`${sandbox.url}/__fault`, { method: 'POST', body: JSON.stringify(fault) });
}

async function countRequests(path: string): Promise<number> {
  const answer = await fetch(`${sandbox.url}/__log?path=${encodeURIComponent(path)}`);
  return ((await answer.json()) as unknown[]).length;
}
