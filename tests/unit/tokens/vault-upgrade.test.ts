import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { appId, appSecret } from './fake-feishu.ts';
import { createMachine, snapshotName } from './open-accounts.ts';

/** Written by the version before brands, at the time where a fake clock starts. */
const former = new URL('vault-version-1.json', import.meta.url);
const key = '11'.repeat(32);

async function upgraded(clock = new FakeClock()) {
  const machine = await createMachine(clock);
  const path = join(machine.folder, snapshotName);
  await copyFile(former, path);
  return { ...machine, path, ...(await machine.start({ key })) };
}

test('a vault of the former version keeps everybody signed in, with what it did not say filled in', async () => {
  const { accounts } = await upgraded();
  const common = { state: 'signed_in', appId, brand: 'feishu', way: 'browser', missingScopes: [] };
  expect(accounts.list()).toMatchObject([
    { ...common, name: 'ada', isDefault: false },
    { ...common, name: 'bob', isDefault: true },
  ]);
  for (const { id } of accounts.list()) {
    expect(await accounts.credential(id)).toMatchObject({
      accountId: id,
      accessToken: expect.stringContaining('canary-access-'),
      brand: 'feishu',
      appId,
    });
  }
});

test('a vault of the former version keeps its apps; the default is the one of the default account', async () => {
  const { accounts } = await upgraded();
  expect(accounts.apps.list()).toMatchObject([
    { id: appId, brand: 'feishu', origin: 'given', name: null, isDefault: true },
    { id: 'cli_second', brand: 'feishu', origin: 'given', name: null, isDefault: false },
  ]);
  expect(accounts.apps.credentials(appId).appSecret).toBe(appSecret);
  expect(accounts.apps.credentials('cli_second').appSecret).toBe('second-secret-canary');
});

test('the file is read without being written, and is of the new version after the first change', async () => {
  const { accounts, path, start } = await upgraded();
  expect(await readFile(path, 'utf8')).toBe(await readFile(former, 'utf8'));
  const [ada] = accounts.list();
  await accounts.setDefault(ada?.id ?? '');
  const file = z.looseObject({ version: z.number() }).parse(JSON.parse(await readFile(path, 'utf8')));
  expect(file.version).toBe(2);
  const again = await start({ key });
  expect(again.accounts.list()).toEqual(accounts.list());
  expect(again.accounts.apps.list()).toEqual(accounts.apps.list());
});

test('with another key the accounts of the former version are known, and the file is left alone', async () => {
  const machine = await createMachine();
  const path = join(machine.folder, snapshotName);
  await copyFile(former, path);
  const { accounts, notices } = await machine.start({ key: '22'.repeat(32) });
  expect(accounts.list().map(({ name, state }) => [name, state])).toEqual([
    ['ada', 'sign_in_needed'],
    ['bob', 'sign_in_needed'],
  ]);
  expect(notices.standing().map(({ id }) => id)).toContain('tokens.key_lost');
  expect(await readFile(path, 'utf8')).toBe(await readFile(former, 'utf8'));
});
