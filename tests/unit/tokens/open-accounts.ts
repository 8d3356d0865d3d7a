import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { createNodeHost } from '../../../src-main/base/host.ts';
import { silentLog, type Log } from '../../../src-main/base/log.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import type { StampedEvent } from '../../../src-main/contract/events.ts';
import type { AccountView } from '../../../src-main/contract/views.ts';
import { type Accounts, openAccounts } from '../../../src-main/tokens/accounts.ts';
import type { AppCredentials } from '../../../src-main/tokens/issuer.ts';
import type { Renewer } from '../../../src-main/tokens/renewal-job.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { appId, appSecret, FakeFeishu, person } from './fake-feishu.ts';

export interface Machine {
  folder: string;
  clock: FakeClock;
  feishu: FakeFeishu;
  /** Starts a gateway's token layer on the folder, as a start of the program would. */
  start(options?: { key?: string; log?: Log; renewer?: Renewer }): Promise<Running>;
}

export interface Running {
  accounts: Accounts;
  bus: EventBus;
  events: StampedEvent[];
  notices: Notices;
  signIn(name: string): Promise<AccountView>;
}

/** Memory where there is such a folder: weeks of snapshots would keep a disk busy for minutes. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const snapshotName = 'token-snapshot.json';

/** A machine with an empty data folder, on a clock that stands still. Everything is gone when the test is over. */
export async function createMachine(clock = new FakeClock()): Promise<Machine> {
  const folder = await mkdtemp(join(scratch, 'larkgate-tokens-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const feishu = new FakeFeishu(clock);
  return {
    folder,
    clock,
    feishu,
    start: async ({ key, log = silentLog(), renewer } = {}) => {
      const bus = new EventBus(clock);
      const events: StampedEvent[] = [];
      bus.subscribe((event) => events.push(event));
      const notices = new Notices(bus, () => clock.now());
      const host = await createNodeHost(folder, key === undefined ? {} : { LARKGATE_KEY: key });
      const issuerFor = (app: AppCredentials) => feishu.issuer(app.appId);
      const accounts = await openAccounts({
        clock,
        bus,
        notices,
        log,
        host,
        issuerFor,
        formerBrand: 'feishu',
        ...(renewer && { renewer }),
      });
      await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
      const signedIn = { appId, brand: 'feishu', way: 'browser', asked: ['offline_access', 'im:message'] } as const;
      const signIn = (name: string) => accounts.add(signedIn, feishu.signIn(person(name)), person(name));
      return { accounts, bus, events, notices, signIn };
    },
  };
}

/** Moves the clock on until the promise is settled. Time never outruns the disk. */
export async function advanceUntil<T>(clock: FakeClock, promise: Promise<T>, stepMs = 20): Promise<T> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  for (;;) {
    await quiet();
    if (await Promise.race([settled, Promise.resolve(false)])) return promise;
    await clock.advance(stepMs);
  }
}

/** Waits until no file is being read or written, however long the disk takes. */
export async function quiet(): Promise<void> {
  const onDisk = () => process.getActiveResourcesInfo().some((name) => /^(FS|CloseReq)/.test(name));
  for (let calm = 0; calm < 10; calm = onDisk() ? 0 : calm + 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The text of every file in the folder and below. */
export async function readEverything(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
  return [...entries.map((entry) => entry.name), ...texts].join('\n');
}
