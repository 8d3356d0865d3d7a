import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { Fault } from '../../../src-main/base/fault.ts';
import { appId, appSecret } from './fake-feishu.ts';
import { createMachine, type Machine, readEverything, snapshotName } from './open-accounts.ts';

const minute = 60_000;
const hour = 60 * minute;

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return Fault.from(
    await work.then(
      () => new Error('it worked'),
      (thrown: unknown) => thrown,
    ),
  );
}

/** Rewrites the snapshot as somebody with an editor would. */
async function edit({ folder }: Machine, change: (file: SnapshotFile) => void): Promise<void> {
  const path = join(folder, snapshotName);
  const file = snapshotSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  change(file);
  await writeFile(path, JSON.stringify(file));
}

const snapshotSchema = z.looseObject({
  version: z.number(),
  accounts: z.array(
    z.looseObject({ name: z.string(), unionId: z.string(), tokens: z.looseObject({ sealed: z.string() }) }),
  ),
});
type SnapshotFile = z.infer<typeof snapshotSchema>;

/** Puts a file where the data folder is, so that nothing can be read or written there, not even by root. */
async function breakDisk({ folder }: Machine): Promise<() => Promise<void>> {
  await rename(folder, `${folder}.away`);
  await writeFile(folder, 'in the way');
  return async () => {
    await rm(folder);
    await rename(`${folder}.away`, folder);
  };
}

/** Puts a folder where the snapshot is: it can be neither read nor replaced, but everything beside it can. */
async function blockSnapshot({ folder }: Machine): Promise<() => Promise<void>> {
  const path = join(folder, snapshotName);
  await rename(path, `${path}.away`);
  await mkdir(path);
  return async () => {
    await rm(path, { recursive: true });
    await rename(`${path}.away`, path);
  };
}

const snapshotOf = ({ folder }: Machine) => readFile(join(folder, snapshotName), 'utf8');

/** The copies that were kept beside the snapshot for this reason. */
async function keptFiles({ folder }: Machine, why: string) {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${snapshotName}.${why}-`));
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, text: await readFile(path, 'utf8'), mode: (await stat(path)).mode & 0o777 };
    }),
  );
}

const noticeIds = (notices: { standing(): { id: string }[] }) => notices.standing().map(({ id }) => id);

describe('after a restart', () => {
  test('everybody is still signed in, with the same default and the same app secret', async () => {
    const machine = await createMachine();
    const before = await machine.start();
    await before.signIn('ada');
    const { id } = await before.signIn('bob');
    await before.accounts.setDefault(id);
    await before.accounts.close();
    const { accounts, events } = await machine.start();
    expect(accounts.list()).toEqual(before.accounts.list());
    expect(accounts.defaultId()).toBe(id);
    expect(accounts.apps.credentials(appId).appSecret).toBe(appSecret);
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('bob');
    expect(events).toEqual([]);
  });

  test('the person is still signed in although nothing was closed', async () => {
    const machine = await createMachine();
    const { id } = await (await machine.start()).signIn('ada');
    const { accounts } = await machine.start();
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
  });
});

describe('the snapshot file', () => {
  test('holds no token and no secret in the clear, and only its owner can read it', async () => {
    const machine = await createMachine();
    const { signIn, accounts } = await machine.start();
    const { id } = await signIn('ada');
    await machine.clock.advance(2 * hour);
    await accounts.credential(id);
    expect(await readEverything(machine.folder)).not.toMatch(/canary/);
    expect((await stat(join(machine.folder, snapshotName))).mode & 0o777).toBe(0o600);
    expect((await stat(machine.folder)).mode & 0o077).toBe(0);
  });

  test('does not know a person any more who signed out', async () => {
    const machine = await createMachine();
    const { signIn, accounts } = await machine.start();
    const { id } = await signIn('ada');
    expect(await readEverything(machine.folder)).toMatch(/on_ada/);
    await accounts.signOut(id);
    expect(await readEverything(machine.folder)).not.toMatch(/on_ada|ou_ada/);
  });

  test('is written every ten minutes, with the time of the last call', async () => {
    const machine = await createMachine();
    const { signIn, accounts } = await machine.start();
    const { id } = await signIn('ada');
    accounts.start();
    const path = join(machine.folder, snapshotName);
    const { ino } = await stat(path);
    await machine.clock.advance(9 * minute);
    await accounts.credential(id);
    expect((await stat(path)).ino).toBe(ino);
    await machine.clock.advance(minute);
    await vi.waitFor(async () =>
      expect(await readFile(path, 'utf8')).toContain(`"lastUsedAt":${machine.clock.now() - minute}`),
    );
    await accounts.close();
  });

  test('is written again when somebody deleted the data folder', async () => {
    const machine = await createMachine();
    const { signIn, accounts } = await machine.start();
    const { id } = await signIn('ada');
    const key = await readFile(join(machine.folder, 'master.key'));
    await rm(machine.folder, { recursive: true });
    await machine.clock.advance(2 * hour);
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    await writeFile(join(machine.folder, 'master.key'), key, { mode: 0o600 });
    expect((await machine.start()).accounts.list()).toHaveLength(1);
  });

  test('loses what a killed writer left beside it', async () => {
    const machine = await createMachine();
    await (await machine.start()).signIn('ada');
    await writeFile(join(machine.folder, `.${snapshotName}.123.0a1b2c3d.tmp`), 'half');
    await machine.start();
    expect((await readdir(machine.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('is shared: what one process writes, the other sees', async () => {
    const machine = await createMachine();
    const [one, two] = [await machine.start(), await machine.start()];
    const { id } = await one.signIn('ada');
    expect(machine.feishu.accepts((await two.accounts.credential(id)).accessToken)?.name).toBe('ada');
    const bob = await two.signIn('bob');
    await one.accounts.setDefault(bob.id);
    expect(
      (await machine.start()).accounts
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ada', 'bob']);
    expect(two.events.filter(({ kind }) => kind === 'account.changed')).toHaveLength(2);
  });
});

describe('a damaged snapshot', () => {
  test.each([
    ['empty', ''],
    ['cut', '{"version":1,"accounts":[{"id":"acc_'],
    ['not JSON', '\u0000\u0001 binary'],
    ['of another program', '{"hello":"world"}'],
    ['an array', '[]'],
  ])('that is %s is set aside, and people can sign in again', async (_, text) => {
    const machine = await createMachine();
    await writeFile(join(machine.folder, snapshotName), text);
    const { accounts, notices, signIn } = await machine.start();
    expect(accounts.list()).toEqual([]);
    expect(noticeIds(notices)).toEqual(['tokens.corrupt']);
    const kept = (await readdir(machine.folder)).find((name) => name.startsWith(`${snapshotName}.corrupt-`));
    expect(await readFile(join(machine.folder, kept ?? ''), 'utf8')).toBe(text);
    await signIn('ada');
    expect((await machine.start()).accounts.list()).toHaveLength(1);
  });

  test('of a newer version is left alone, to the byte, whatever happens', async () => {
    const machine = await createMachine();
    const text = JSON.stringify({ version: 3, people: [] });
    await writeFile(join(machine.folder, snapshotName), text);
    const { accounts, notices, signIn } = await machine.start();
    const { id } = await signIn('ada');
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    await machine.clock.advance(2 * hour);
    expect((await faultOf(accounts.credential(id))).code).toBe('storage');
    expect(machine.feishu.refreshes).toEqual([]);
    await accounts.signOut(id);
    await accounts.close();
    expect(await readFile(join(machine.folder, snapshotName), 'utf8')).toBe(text);
    expect(noticeIds(notices)).toEqual(['tokens.newer']);
  });

  test('with one altered byte in a record loses that record only', async () => {
    const machine = await createMachine();
    const { signIn } = await machine.start();
    await signIn('ada');
    await signIn('bob');
    await edit(machine, ({ accounts }) => {
      const { tokens } = accounts.find(({ name }) => name === 'ada') ?? { tokens: { sealed: '' } };
      tokens.sealed = tokens.sealed.replace(/\.(.)/, (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`);
    });
    const { accounts, notices } = await machine.start();
    expect(accounts.list().map(({ name, state }) => [name, state])).toEqual([['bob', 'signed_in']]);
    expect(noticeIds(notices)).toEqual(['tokens.dropped']);
  });

  test('of which not all can be read is kept aside before it is written over, once', async () => {
    const machine = await createMachine();
    const { signIn } = await machine.start();
    await signIn('ada');
    await signIn('bob');
    await edit(machine, ({ accounts: [one] }) => void (one && (one.tokens.sealed = `_${one.tokens.sealed}`)));
    const altered = await snapshotOf(machine);
    const { accounts, signIn: signInAgain, notices } = await machine.start();
    expect(notices.standing().map(({ words }) => words.en)).toEqual([expect.stringContaining('.altered-')]);
    expect(accounts.defaultId()).toBeUndefined();
    const eve = await signInAgain('eve');
    await signInAgain('ada');
    const kept = await keptFiles(machine, 'altered');
    expect(kept.map(({ text }) => text)).toEqual([altered]);
    expect(accounts.defaultId()).toBe(eve.id);
    const names = (await machine.start()).accounts.list().map(({ name }) => name);
    expect(names.sort()).toEqual(['ada', 'bob', 'eve']);
  });

  test('of which not all can be read does not stand in the way when somebody deleted it', async () => {
    const machine = await createMachine();
    await (await machine.start()).signIn('ada');
    await edit(machine, ({ accounts: [one] }) => void (one && (one.tokens.sealed = `_${one.tokens.sealed}`)));
    const { signIn } = await machine.start();
    await rm(join(machine.folder, snapshotName));
    await signIn('bob');
    expect((await machine.start()).accounts.list().map(({ name }) => name)).toEqual(['bob']);
  });

  test('with the tokens of two people swapped loses both, and serves nobody as another', async () => {
    const machine = await createMachine();
    const { signIn } = await machine.start();
    await signIn('ada');
    await signIn('bob');
    await signIn('eve');
    await edit(machine, ({ accounts: [one, two] }) => {
      if (one && two) [one.tokens, two.tokens] = [two.tokens, one.tokens];
    });
    expect((await machine.start()).accounts.list().map(({ name }) => name)).toEqual(['eve']);
  });

  test('whose record was given another name for its person is not believed', async () => {
    const machine = await createMachine();
    await (await machine.start()).signIn('ada');
    await edit(machine, ({ accounts: [one] }) => void (one && (one.unionId = 'on_eve')));
    expect((await machine.start()).accounts.list()).toEqual([]);
  });
});

describe('when the key is lost', () => {
  const [mine, other] = ['a'.repeat(64), 'b'.repeat(64)];

  test('the accounts are shown as "sign in again", and the former key brings them back', async () => {
    const machine = await createMachine();
    await (await machine.start({ key: mine })).signIn('ada');
    const without = await machine.start({ key: other });
    const [account] = without.accounts.list();
    expect(account).toMatchObject({ name: 'ada', state: 'sign_in_needed' });
    expect(account?.reason?.zh).toContain('密钥');
    expect((await faultOf(without.accounts.credential(account?.id ?? ''))).code).toBe('sign_in_again');
    without.accounts.start();
    await machine.clock.advance(hour);
    await without.accounts.close();
    const { accounts } = await machine.start({ key: mine });
    expect(machine.feishu.accepts((await accounts.credential(account?.id ?? '')).accessToken)?.name).toBe('ada');
  });

  test('a new sign-in keeps the former file aside, and with the former key it brings everybody back', async () => {
    const machine = await createMachine();
    const { id } = await (await machine.start({ key: mine })).signIn('ada');
    const former = await snapshotOf(machine);
    const without = await machine.start({ key: other });
    expect(await keptFiles(machine, 'key-lost')).toEqual([]);
    await without.signIn('bob');
    await without.signIn('eve');
    const [kept, ...more] = await keptFiles(machine, 'key-lost');
    expect([kept?.text, kept?.mode, more]).toEqual([former, 0o600, []]);
    await rename(kept?.path ?? '', join(machine.folder, snapshotName));
    const { accounts } = await machine.start({ key: mine });
    expect(accounts.list().map(({ name }) => name)).toEqual(['ada']);
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
  });

  test('and the former file cannot be kept aside, it is not replaced, and that is said', async () => {
    const machine = await createMachine();
    await (await machine.start({ key: mine })).signIn('ada');
    const former = await snapshotOf(machine);
    const { signIn, accounts, notices } = await machine.start({ key: other });
    const inTheWay = `${snapshotName}.key-lost-${new Date(machine.clock.now()).toISOString().replaceAll(':', '')}`;
    await mkdir(join(machine.folder, inTheWay));
    const { id } = await signIn('bob');
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('bob');
    expect(await snapshotOf(machine)).toBe(former);
    expect(noticeIds(notices)).toEqual(['tokens.key_lost', 'tokens.unwritable']);
    await rm(join(machine.folder, inTheWay), { recursive: true });
    accounts.start();
    await vi.waitFor(() => expect(noticeIds(notices)).toEqual([]));
    expect((await keptFiles(machine, 'key-lost')).map(({ text }) => text)).toEqual([former]);
    await accounts.close();
  });

  test('a new sign-in takes the file over; the others stay listed', async () => {
    const machine = await createMachine();
    const before = await machine.start({ key: mine });
    await before.signIn('ada');
    await before.signIn('bob');
    await (await machine.start({ key: other })).signIn('ada');
    const { accounts, notices } = await machine.start({ key: other });
    const states = Object.fromEntries(accounts.list().map(({ name, state }) => [name, state]));
    expect(states).toEqual({ ada: 'signed_in', bob: 'sign_in_needed' });
    expect(notices.standing()).toEqual([]);
  });
});

describe('when the disk refuses', () => {
  test.each([
    ['the folder', breakDisk],
    ['the file', blockSnapshot],
  ])('%s, no refresh token is spent, and calls say so', async (_, block) => {
    const machine = await createMachine();
    const { accounts, signIn, notices } = await machine.start();
    const { id } = await signIn('ada');
    await machine.clock.advance(2 * hour);
    const mend = await block(machine);
    expect((await faultOf(accounts.credential(id))).code).toBe('storage');
    expect(noticeIds(notices)).toContain('tokens.unwritable');
    expect(machine.feishu.refreshes).toEqual([]);
    await mend();
    await machine.clock.advance(minute);
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    expect(noticeIds(notices)).not.toContain('tokens.unwritable');
  });

  test('a sign-in works from memory and is written as soon as that is possible', async () => {
    const machine = await createMachine();
    const { accounts, signIn, notices } = await machine.start();
    accounts.start();
    const mend = await breakDisk(machine);
    const { id } = await signIn('ada');
    expect(machine.feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    expect(noticeIds(notices)).toEqual(['tokens.unwritable']);
    await mend();
    expect((await machine.start()).accounts.list()).toEqual([]);
    await machine.clock.advance(minute);
    await vi.waitFor(() => expect(noticeIds(notices)).toEqual([]));
    expect((await machine.start()).accounts.list()).toHaveLength(1);
    await accounts.close();
  });

  test('between the spending and the writing, the new tokens live on in memory', async () => {
    const machine = await createMachine();
    const { accounts, signIn } = await machine.start();
    const { id } = await signIn('ada');
    await machine.clock.advance(2 * hour);
    let open = () => {};
    machine.feishu.gate = new Promise((resolve) => (open = resolve));
    const call = accounts.credential(id);
    await vi.waitFor(() => expect(machine.feishu.refreshes).toHaveLength(1));
    const mend = await breakDisk(machine);
    open();
    expect(machine.feishu.accepts((await call).accessToken)?.name).toBe('ada');
    await mend();
    await accounts.close();
    const { accounts: after } = await machine.start();
    expect(machine.feishu.accepts((await after.credential(id)).accessToken)?.name).toBe('ada');
    expect(machine.feishu.refreshes).toHaveLength(1);
  });

  test('at the start, the gateway starts', async () => {
    const machine = await createMachine();
    await (await machine.start()).signIn('ada');
    // Where the lock files belong there is something else: reading works, writing does not.
    await rm(join(machine.folder, 'locks'), { recursive: true });
    await writeFile(join(machine.folder, 'locks'), '');
    const { accounts, notices } = await machine.start();
    expect(accounts.list()).toHaveLength(1);
    expect(noticeIds(notices)).toEqual(['tokens.unwritable']);
    await rm(join(machine.folder, 'locks'));
    await mkdir(join(machine.folder, 'locks'));
    await chmod(join(machine.folder, 'locks'), 0o700);
  });
});
