import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createNodeHost } from '../../../src-main/base/host.ts';
import { createSealer } from '../../../src-main/tokens/sealed.ts';
import { appId, appSecret, person } from './fake-feishu.ts';
import { createMachine, type Machine, readEverything, snapshotName } from './open-accounts.ts';
import { codeOf } from './open-logins.ts';

const other = { appId: 'cli_other', appSecret: 'canary-other-secret', brand: 'lark', origin: 'given' } as const;

async function twoApps() {
  const machine = await createMachine();
  const running = await machine.start();
  await running.accounts.apps.add(other);
  const asOther = { appId: other.appId, brand: other.brand, way: 'device', asked: [] } as const;
  const signInToOther = (name: string) =>
    running.accounts.add(asOther, machine.feishu.signIn(person(name), other.appId), person(name));
  return { ...machine, ...running, apps: running.accounts.apps, signInToOther };
}

const fileSchema = z.looseObject({
  apps: z.record(z.string(), z.looseObject({ secret: z.string() })),
  accounts: z.array(
    z.looseObject({
      id: z.string(),
      appId: z.string(),
      unionId: z.string(),
      tokens: z.looseObject({ sealed: z.string() }),
    }),
  ),
});

async function read({ folder }: Pick<Machine, 'folder'>) {
  return fileSchema.parse(JSON.parse(await readFile(join(folder, snapshotName), 'utf8')));
}

async function edit(machine: Pick<Machine, 'folder'>, change: (file: z.infer<typeof fileSchema>) => void) {
  const file = await read(machine);
  change(file);
  await writeFile(join(machine.folder, snapshotName), JSON.stringify(file));
}

describe('apps', () => {
  test('stand side by side, Feishu and Lark; the first is the default until another is chosen', async () => {
    const { apps, start, clock } = await twoApps();
    const ours = { name: null, origin: 'given', addedAt: clock.now() } as const;
    expect(apps.list()).toEqual([
      { ...ours, id: appId, brand: 'feishu', isDefault: true },
      { ...ours, id: other.appId, brand: 'lark', isDefault: false },
    ]);
    await apps.setDefault(other.appId);
    const after = (await start()).accounts.apps;
    expect(after.defaultId()).toBe(other.appId);
    expect(after.credentials(other.appId)).toEqual({ appId: other.appId, appSecret: other.appSecret, brand: 'lark' });
  });

  test('keep what is known of them when their secret is replaced', async () => {
    const { apps, clock } = await twoApps();
    await apps.add({ ...other, appId: 'cli_made', origin: 'registered', name: 'Mine' });
    await apps.note('cli_made', { enabledScopes: ['im:message', 'im:message'] });
    const before = apps.get('cli_made');
    await clock.advance(1000);
    await apps.add({ ...other, appId: 'cli_made', appSecret: 'another', origin: 'given' });
    expect(apps.get('cli_made')).toEqual(before);
    expect(apps.enabledScopes('cli_made')).toEqual(['im:message']);
    expect(apps.credentials('cli_made').appSecret).toBe('another');
  });

  test('keep their brand while somebody is signed in: the tokens belong to that service', async () => {
    const { apps, accounts, signInToOther } = await twoApps();
    const { id } = await signInToOther('ada');
    await apps.add({ ...other, brand: 'feishu', appSecret: 'another' });
    expect(apps.credentials(other.appId)).toEqual({ appId: other.appId, appSecret: 'another', brand: 'lark' });
    await accounts.signOut(id);
    await apps.add({ ...other, brand: 'feishu' });
    expect(apps.credentials(other.appId).brand).toBe('feishu');
  });

  test('are asked about no token of another service than theirs', async () => {
    const { apps } = await twoApps();
    expect(apps.issuerOf(other.appId, 'lark').appId).toBe(other.appId);
    expect(() => apps.issuerOf(other.appId, 'feishu')).toThrow(expect.objectContaining({ code: 'app_missing' }));
  });

  test('that are added again with the same secret are not written again', async () => {
    const { apps, folder } = await twoApps();
    const before = await readFile(join(folder, snapshotName), 'utf8');
    await apps.add(other);
    expect(await readFile(join(folder, snapshotName), 'utf8')).toBe(before);
  });

  test('are found when another process has just added them, and its events tell of them', async () => {
    const machine = await createMachine();
    const [one, two] = [await machine.start(), await machine.start()];
    await one.accounts.apps.add(other);
    expect((await two.accounts.apps.find(other.appId)).brand).toBe('lark');
    await one.accounts.apps.forget(other.appId);
    expect(await codeOf(two.accounts.apps.setDefault(other.appId))).toBe('it worked');
    expect(two.accounts.apps.get(other.appId)).toBeUndefined();
    const told = (events: { kind: string }[]) =>
      events.map(({ kind }) => kind).filter((kind) => kind.startsWith('app.'));
    expect(told(one.events)).toEqual(['app.changed', 'app.changed', 'app.removed']);
    expect(told(two.events)).toEqual(['app.changed', 'app.removed']);
  });

  test('that nobody knows are answered with what to do', async () => {
    const { apps } = await twoApps();
    for (const work of [apps.find('cli_no'), apps.setDefault('cli_no'), apps.forget('cli_no')]) {
      expect(await codeOf(work)).toBe('app_missing');
    }
    expect(() => apps.issuerOf('cli_no')).toThrow(expect.objectContaining({ code: 'app_missing' }));
  });

  test('from the environment do not take over a file whose key is lost; registered ones do', async () => {
    const machine = await createMachine();
    await machine.start({ key: 'a'.repeat(64) });
    const path = join(machine.folder, snapshotName);
    const before = await readFile(path, 'utf8');
    const { accounts } = await machine.start({ key: 'b'.repeat(64) });
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(accounts.apps.credentials(appId).appSecret).toBe(appSecret);
    await accounts.apps.add({ ...other, origin: 'registered' });
    const { accounts: after } = await machine.start({ key: 'b'.repeat(64) });
    expect(after.apps.credentials(other.appId).appSecret).toBe(other.appSecret);
  });
});

describe('forgetting an app', () => {
  test('removes its sealed secret from the disk, and the default goes to another', async () => {
    const { apps, folder } = await twoApps();
    const { secret = '' } = (await read({ folder })).apps[appId] ?? {};
    expect(await readEverything(folder)).toContain(secret);
    await apps.forget(appId);
    const left = await readEverything(folder);
    expect(left).not.toContain(secret);
    expect(left).not.toContain(appId);
    expect(apps.list()).toMatchObject([{ id: other.appId, isDefault: true }]);
  });

  test('is refused while somebody is signed in to it, also by another process', async () => {
    const { apps, accounts, start, signInToOther } = await twoApps();
    const second = await start();
    const { id } = await signInToOther('ada');
    expect(await codeOf(second.accounts.apps.forget(other.appId))).toBe('app_in_use');
    expect(await codeOf(apps.forget(other.appId))).toBe('app_in_use');
    await accounts.signOut(id);
    expect(await codeOf(apps.forget(other.appId))).toBe('it worked');
  });

  test('lets nobody sign in to it any more', async () => {
    const { apps, accounts, signInToOther } = await twoApps();
    await apps.forget(other.appId);
    expect(await codeOf(signInToOther('ada'))).toBe('app_missing');
    expect(accounts.list()).toEqual([]);
  });
});

test('signing out removes everything of the account from the disk', async () => {
  const { accounts, signIn, folder } = await twoApps();
  const { id } = await signIn('ada');
  await signIn('bob');
  const record = (await read({ folder })).accounts.find((account) => account.id === id);
  const traces = [id, 'on_ada', 'ou_ada', record?.tokens.sealed ?? '', '"ada"'];
  const before = await readEverything(folder);
  expect(traces.every((trace) => trace !== '' && before.includes(trace))).toBe(true);
  await accounts.signOut(id);
  const left = await readEverything(folder);
  expect(traces.filter((trace) => left.includes(trace))).toEqual([]);
  expect(left).toContain('on_bob');
});

describe('nothing of one app can be read as another', () => {
  test('the same person in two apps is two accounts, each with its own tokens', async () => {
    const { accounts, signIn, signInToOther, feishu } = await twoApps();
    const [one, two] = [await signIn('ada'), await signInToOther('ada')];
    expect(one.id).not.toBe(two.id);
    const [first, second] = [await accounts.credential(one.id), await accounts.credential(two.id)];
    expect([first.brand, first.appId, second.brand, second.appId]).toEqual(['feishu', appId, 'lark', other.appId]);
    await accounts.signOut(one.id);
    expect(feishu.accepts(first.accessToken)).toBeUndefined();
    expect(feishu.accepts((await accounts.credential(two.id)).accessToken)?.name).toBe('ada');
    expect(accounts.list()).toMatchObject([{ id: two.id }]);
  });

  test('neither the secret nor a record of one opens with what the other has', async () => {
    const { folder, signIn } = await twoApps();
    await signIn('ada');
    const sealer = createSealer(await (await createNodeHost(folder, {})).masterKey());
    const { apps, accounts } = await read({ folder });
    const [secret, tokens] = [apps[appId]?.secret ?? '', accounts[0]?.tokens.sealed ?? ''];
    expect(sealer.open(secret, { appId, subject: 'app secret' })).toBe(appSecret);
    expect(sealer.open(tokens, { appId, subject: 'on_ada' })).toContain('canary-access-');
    for (const owner of [other.appId, 'pasted', '']) {
      expect(sealer.open(secret, { appId: owner, subject: 'app secret' })).toBeUndefined();
      expect(sealer.open(tokens, { appId: owner, subject: 'on_ada' })).toBeUndefined();
    }
  });

  test('secrets that were swapped in the file are no secrets any more', async () => {
    const machine = await twoApps();
    await edit(machine, ({ apps: { [appId]: one, [other.appId]: two } }) => {
      if (one && two) [one.secret, two.secret] = [two.secret, one.secret];
    });
    const { accounts, notices } = await machine.start();
    expect(accounts.apps.list().map(({ id }) => id)).toEqual([appId]);
    expect(accounts.apps.credentials(appId).appSecret).toBe(appSecret);
    expect(notices.standing()).toMatchObject([
      { id: 'tokens.dropped', words: { en: expect.stringContaining('left out: 2.') } },
    ]);
    expect((await readdir(machine.folder)).filter((name) => name.includes('.altered-'))).toHaveLength(1);
  });

  test('the tokens of a person that were moved to the same person of another app are dropped', async () => {
    const machine = await twoApps();
    await machine.signIn('ada');
    await machine.signInToOther('ada');
    await edit(machine, ({ accounts: [one, two] }) => {
      if (one && two) [one.tokens, two.tokens] = [two.tokens, one.tokens];
    });
    expect((await machine.start()).accounts.list()).toEqual([]);
  });

  test('a pasted token that is passed off as a sign-in to an app is dropped', async () => {
    const machine = await twoApps();
    const { accessToken } = machine.feishu.signIn(person('ada'));
    const { id } = await machine.accounts.addToken({ token: accessToken, brand: 'feishu' });
    await machine.signIn('ada');
    await edit(machine, ({ accounts }) => {
      const [pasted, real] = [accounts.find((one) => one.id === id), accounts.find((one) => one.id !== id)];
      if (pasted && real) real.tokens = pasted.tokens;
    });
    expect((await machine.start()).accounts.list()).toMatchObject([{ id, way: 'token' }]);
  });
});
