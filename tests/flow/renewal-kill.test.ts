import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { Login } from '../../src-main/tokens/login.ts';
import { createHome, projectFolder, type TemporaryHome } from '../helpers/run-node.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';

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
  const { accounts, issuerFor, close } = await openSandboxAccounts({ folder: home.path, url: sandbox.url });
  await accounts.setApp(sandbox.appId, sandbox.appSecret);
  const login = new Login({ clock: systemClock, accounts });
  const binding = { sessionKey: null, keyId: null, browser: 'mine' };
  const request = {
    appId: sandbox.appId,
    redirectUri: 'http://127.0.0.1:5275/oauth/callback',
    scopes: ['offline_access'],
  };
  const back = await sandbox.consent((await login.begin(binding, request)).url);
  const { account } = await login.complete(Object.fromEntries(back.searchParams), 'mine');
  const { accessToken } = await accounts.credential(account.id);
  const { openId } = await issuerFor(sandbox.appId, sandbox.appSecret).whoIs(accessToken);
  await close();
  return { accountId: account.id, person: openId };
}

interface Holder {
  process: ChildProcess;
  order(what: 'use' | 'refused'): Promise<unknown>;
  kill(): Promise<void>;
}

function startHolder(): Holder {
  const argv = ['tests/helpers/token-holder.ts', home.path, sandbox.url, sandbox.appId, accountId];
  const child = spawn(process.execPath, argv, { cwd: projectFolder, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  return {
    process: child,
    order: async (what) => {
      child.stdin.write(`${what}\n`);
      const line = await lines.next();
      return line.done ? 'killed' : JSON.parse(line.value);
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

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
    const first = startHolder();
    expect(await first.order('use')).toEqual({ person });
    const started = performance.now();
    expect(await first.order('refused')).toEqual({ person });
    const whole = performance.now() - started;
    await first.kill();
    for (let round = 0; round < rounds; round += 1) {
      const holder = startHolder();
      expect(await holder.order('use'), `round ${round}`).toEqual({ person });
      const renewal = holder.order('refused');
      await passing(random() * whole * 1.2);
      await holder.kill();
      await renewal;
    }
    const last = startHolder();
    expect(await last.order('use')).toEqual({ person });
    expect(await last.order('refused')).toEqual({ person });
    await last.kill();
  });

  test('when two processes on one data folder renew at the same moment, with one renewal each time', async () => {
    const [one, two] = [startHolder(), startHolder()];
    for (let round = 0; round < 20; round += 1) {
      expect(await Promise.all([one.order('use'), two.order('use')])).toEqual([{ person }, { person }]);
      const before = await countRefreshes();
      expect(await Promise.all([one.order('refused'), two.order('refused')])).toEqual([{ person }, { person }]);
      expect(await countRefreshes()).toBe(before + 1);
    }
    await Promise.all([one.kill(), two.kill()]);
  });
});

describe('the process that renews', () => {
  test('may be killed itself: the person stays signed in, or reads once that the answer was lost', async () => {
    const random = randomFrom(20260708);
    const started = performance.now();
    await (
      await startWorker()
    ).ended;
    const whole = performance.now() - started;
    for (let round = 0; round < 25; round += 1) {
      const worker = await startWorker();
      await passing(random() * whole);
      worker.process.kill('SIGKILL');
      await worker.ended;
      const holder = startHolder();
      const outcomes = [await holder.order('use'), await holder.order('refused')];
      await holder.kill();
      if (JSON.stringify(outcomes) === JSON.stringify([{ person }, { person }])) continue;
      expect(outcomes).toEqual([{ person }, { failed: expect.stringContaining('was lost') }]);
      ({ accountId, person } = await signIn());
    }
  });

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
