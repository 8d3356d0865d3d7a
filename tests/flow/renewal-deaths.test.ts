import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { Fault } from '../../src-main/base/fault.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { createHome, projectFolder, type TemporaryHome } from '../helpers/run-node.ts';
import { openSandboxAccounts, type SandboxAccounts } from '../helpers/sandbox-accounts.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { signInByCode } from '../helpers/sign-in-by-code.ts';

let sandbox: Sandbox;
let home: TemporaryHome;
let accountId: string;
let trace: string;

beforeAll(async () => {
  sandbox = await createSandbox({ clock: systemClock });
  home = await createHome();
  trace = join(home.path, 'trace.txt');
  await opened(async ({ accounts }) => {
    const { appId, appSecret } = sandbox;
    await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
    accountId = (await signInByCode(accounts, { sandbox, issuer: accounts.apps.issuerOf(appId) })).id;
  });
});

afterAll(async () => {
  await sandbox.close();
  await home.remove();
});

/** A fresh start of a gateway's token layer on the folder. */
async function opened<T>(work: (started: SandboxAccounts) => Promise<T>): Promise<T> {
  const started = await openSandboxAccounts({ folder: home.path, url: sandbox.url });
  try {
    return await work(started);
  } finally {
    await started.close();
  }
}

type Dying = (dieAt: number) => Promise<void>;

/** The renewal is the gateway's own. */
const gateway: Dying = (dieAt) => renewIn(['itself', trace, String(dieAt)]);

/** The renewal is done by the detached child, which dies; its gateway lives and goes on. */
const child: Dying = async (dieAt) => renewIn([await writeWorker(dieAt, '[]')]);

/** The child takes its gateway with it. */
const both: Dying = async (dieAt) => renewIn([await writeWorker(dieAt, '[process.ppid]')]);

async function renewIn(how: string[]): Promise<void> {
  const argv = ['tests/helpers/mortal-gateway.ts', home.path, sandbox.url, accountId, ...how];
  const dying = spawn(process.execPath, argv, { cwd: projectFolder, stdio: 'ignore' });
  await once(dying, 'exit');
  // A child that outlives its gateway is done when its lock is free; whoever starts next waits for that.
  await passing(20);
}

/** The program of the child: the true one, in a process that will die. */
async function writeWorker(dieAt: number, others: string): Promise<string> {
  const path = join(home.path, 'mortal-worker.mjs');
  const source = (file: string) => JSON.stringify(join(projectFolder, file));
  await writeFile(
    path,
    `import { dieInstead } from ${source('tests/helpers/effects.ts')};
     dieInstead({ trace: ${JSON.stringify(trace)}, dieAt: ${dieAt}, with: ${others} });
     await import(${source('src-main/renew-worker.ts')});`,
  );
  return path;
}

async function effectsSoFar(): Promise<string[]> {
  const text = await readFile(trace, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}

type Fate = 'signed in' | 'asked to sign in';

/** What the person finds after a fresh start, once renewals go on. */
async function findFate(): Promise<Fate> {
  const words = await opened(async ({ accounts }) => {
    expect(accounts.list().map(({ id }) => id)).toEqual([accountId]);
    const fault = await accounts.renewNow(accountId).then(
      () => undefined,
      (thrown: unknown) => Fault.from(thrown),
    );
    if (!fault)
      return void (await accounts.apps
        .issuerOf(sandbox.appId)
        .whoIs((await accounts.credential(accountId)).accessToken));
    expect(fault.code).toBe('sign_in_again');
    return fault.words;
  });
  if (!words) return 'signed in';
  expect(words).toEqual({ zh: expect.stringContaining('没有收到飞书的回答'), en: expect.stringContaining('was lost') });
  await expectAskedOnceAndMend(words);
  return 'asked to sign in';
}

/** The account stands there with the reason, Feishu is not asked again, and one sign-in mends it. */
async function expectAskedOnceAndMend(reason: { zh: string; en: string }): Promise<void> {
  const before = (await logOf(sandbox, '/oauth/v3/token')).length;
  await opened(async ({ accounts }) => {
    expect(accounts.get(accountId)).toMatchObject({ state: 'sign_in_needed', reason });
    await expect(accounts.renewNow(accountId)).rejects.toMatchObject({ code: 'sign_in_again', words: reason });
    expect(await logOf(sandbox, '/oauth/v3/token')).toHaveLength(before);
    await signInByCode(accounts, { sandbox, issuer: accounts.apps.issuerOf(sandbox.appId) });
  });
}

const deaths = [
  { what: 'the gateway that renews by itself', die: gateway },
  { what: 'the child that renews, not its gateway', die: child },
  { what: 'the child that renews together with its gateway', die: both },
];

test.each(deaths)(
  'kill -9 of $what between every two steps: signed in, or asked once with the reason',
  { timeout: 600_000 },
  async ({ die }) => {
    await rm(trace, { force: true });
    await die(-1);
    const steps = await effectsSoFar();
    expect(await findFate()).toBe('signed in');
    // Mark it, send, store: what the file and Feishu see of a renewal.
    const [sent, stored] = [steps.indexOf('send its head'), steps.lastIndexOf('rename it')];
    expect(steps.filter((step) => step === 'rename it')).toHaveLength(2);
    expect(steps.indexOf('rename it')).toBeLessThan(sent);
    expect(sent).toBeLessThan(stored);

    const fates: Fate[] = [];
    for (let dieAt = 0; dieAt < steps.length; dieAt += 1) {
      await rm(trace, { force: true });
      await die(dieAt);
      const done = await effectsSoFar();
      expect(done.slice(0, dieAt + 1), `death ${dieAt}`).toEqual(steps.slice(0, dieAt + 1));
      const fate = await findFate();
      // Nobody is asked who died before Feishu could know or after the new tokens were on disk.
      if (dieAt <= sent || dieAt > stored)
        expect(fate, `death ${dieAt}, instead of: ${steps[dieAt]}`).toBe('signed in');
      fates.push(fate);
    }
    const asked = fates.filter((fate) => fate === 'asked to sign in').length;
    console.log(
      `${die.name}: ${fates.length} deaths, ${fates.length - asked} signed in, ${asked} asked once\n${steps.map((step, at) => `${fates[at] === 'signed in' ? ' ' : '?'} ${step}`).join('\n')}`,
    );
  },
);
