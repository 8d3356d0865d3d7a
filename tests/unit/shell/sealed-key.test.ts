import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeHost } from '../../../src-main/base/host.ts';
import { readSealedKey } from '../../../src-main/shell/sealed-key.ts';
import { createFakeElectron, FakeDesktop, type FakeKeychain } from '../../fakes/electron.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = () => join(folder, 'master.key');
const text = () => readFile(path(), 'utf8');

async function read(
  keychain: Partial<FakeKeychain> = {},
  options: { platform?: NodeJS.Platform; accept?: boolean } = {},
): Promise<Buffer> {
  const { safeStorage } = createFakeElectron(new FakeDesktop({ home: folder, keychain }));
  const host = await createNodeHost(folder, {});
  const { platform = 'linux', accept = false } = options;
  const plainKey = () => host.masterKey();
  return readSealedKey({ safeStorage, platform, path: path(), plainKey, acceptPlainKey: async () => accept });
}

test('the key is made once and sealed; the file names the keychain, for its owner alone', async () => {
  const key = await read();
  expect(key).toHaveLength(32);
  expect(await read()).toEqual(key);
  expect(JSON.parse(await text())).toMatchObject({ version: 1, backend: 'gnome_libsecret' });
  expect(await text()).not.toContain(key.toString('hex'));
  expect((await stat(path())).mode & 0o777).toBe(0o600);
});

test.each([
  ['darwin', 'keychain'],
  ['win32', 'dpapi'],
] as const)('on %s the file says %s', async (platform, backend) => {
  await read({}, { platform });
  expect(JSON.parse(await text()).backend).toBe(backend);
});

test.each([{ backend: 'basic_text' as const }, { backend: 'unknown' as const }, { available: false }])(
  'without a keychain (%o) nothing is stored unless the person agrees',
  async (keychain) => {
    await expect(read(keychain)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('no keyring'),
    });
    await expect(text()).rejects.toThrow('ENOENT');
    const key = await read(keychain, { accept: true });
    expect((await text()).trim()).toBe(key.toString('hex'));
  },
);

test('a key that lay open is sealed as soon as there is a keychain, and stays the same', async () => {
  const key = await read({ available: false }, { accept: true });
  expect(await read()).toEqual(key);
  expect(await text()).not.toContain(key.toString('hex'));
});

test('a keychain that lost its secret is told, and the sealed key is kept', async () => {
  const key = await read();
  const before = await text();
  await expect(read({ secret: 'k2' }, { accept: true })).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('Nothing was changed'),
  });
  expect(await text()).toBe(before);
  expect(await read()).toEqual(key);
});

test('another desktop with another keyring is named', async () => {
  await read();
  const before = await text();
  await expect(read({ backend: 'kwallet6', secret: 'k2' })).rejects.toThrow(/\(gnome_libsecret\).*\(kwallet6\)/);
  await expect(read({ backend: 'basic_text', available: false }, { accept: true })).rejects.toThrow(
    'Nothing was changed',
  );
  expect(await text()).toBe(before);
});

test('a keychain that renewed its own key gets the key sealed anew', async () => {
  const key = await read();
  const before = await text();
  expect(await read({ reEncrypt: true, backend: 'kwallet6' })).toEqual(key);
  expect(JSON.parse(await text()).backend).toBe('kwallet6');
  expect(await text()).not.toBe(before);
});

test('a gateway without Electron that finds a sealed key says so and changes nothing', async () => {
  await read();
  const before = await text();
  const host = await createNodeHost(folder, {});
  await expect(host.masterKey()).rejects.toMatchObject({ code: 'config_invalid' });
  expect(await text()).toBe(before);
});

test('a mangled file is kept as it is', async () => {
  await writeFile(path(), '{"version":1');
  await expect(read({}, { accept: true })).rejects.toMatchObject({ code: 'storage' });
  expect(await text()).toBe('{"version":1');
});
