import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
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
    console.log('whole', whole, 'refreshes', await countRefreshes());
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
