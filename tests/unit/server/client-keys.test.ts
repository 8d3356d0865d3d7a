import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { Signer } from '../../../src-main/base/signer.ts';
import { type ClientChange, ClientKeys } from '../../../src-main/server/client-keys.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

let folder: string;
const clock = new FakeClock();
let notices: Notices;
const signer = new Signer(Buffer.alloc(32, 7));
const open = () => ClientKeys.open(folder, { signer, clock, notices });

beforeEach(() => {
  notices = new Notices(new EventBus(clock), () => clock.now());
  folder = mkdtempSync(join(tmpdir(), 'larkgate-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('ClientKeys', () => {
  test('a key works after a restart, and its secret is in no file', async () => {
    const { id, secret } = await (await open()).add('Cursor');
    expect(await (await open()).verify(secret)).toMatchObject({ id });
    const path = join(folder, 'client-keys.json');
    expect(readFileSync(path, 'utf8')).not.toContain(secret.replace(/^lg_[a-z0-9]+_/, ''));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a revoked key stops working in the gateway that is running', async () => {
    const running = await open();
    const { id, secret } = await running.add('Cursor');
    expect(await running.verify(secret)).toBeDefined();
    await (await open()).revoke(id);
    await clock.advance(1001);
    expect(await running.verify(secret)).toBeUndefined();
  });

  test('the key of the installation is the same at every start, and of no other installation', async () => {
    const { defaultSecret } = await open();
    expect((await open()).defaultSecret).toBe(defaultSecret);
    expect(await (await open()).verify(defaultSecret)).toEqual({ id: 'default', accountId: null });
    const other = await ClientKeys.open(folder, { signer: new Signer(Buffer.alloc(32, 8)), clock });
    expect(await other.verify(defaultSecret)).toBeUndefined();
  });

  test.each(['', 'lg_', 'lg_default_', 'lg_default_x', 'lg___proto___x', 'u-1234'])('%j is no key', async (secret) => {
    expect(await (await open()).verify(secret)).toBeUndefined();
  });

  test.each([
    ['broken', '{"version":1,"keys":[{"id":', 'corrupt'],
    ['of a later version', '{"version":2,"keys":{}}', 'newer'],
  ])('a key file that is %s is kept aside, and the person is told', async (_what, text, kept) => {
    writeFileSync(join(folder, 'client-keys.json'), text);
    expect((await open()).list().map(({ keyId }) => keyId)).toEqual(['default']);
    expect(readdirSync(folder).join()).toContain(`client-keys.json.${kept}-`);
    expect(notices.standing().map(({ id }) => id)).toEqual(['client_keys.lost']);
  });

  test('deleting the file takes every key back from the gateway that is running', async () => {
    const running = await open();
    const { secret } = await running.add('Cursor');
    rmSync(join(folder, 'client-keys.json'));
    await clock.advance(1001);
    expect(await running.verify(secret)).toBeUndefined();
  });

  test('a key that is bound to an account stays so after a restart, until it is set free', async () => {
    const keys = await open();
    const { id, secret } = await keys.add('Cursor');
    await keys.bind(id, 'acc_1');
    const next = await open();
    expect(await next.verify(secret)).toMatchObject({ id, accountId: 'acc_1' });
    expect(next.accountOf(id)).toBe('acc_1');
    await next.bind(id, null);
    expect((await open()).list()).toMatchObject([{ keyId: 'default' }, { keyId: id, name: 'Cursor', accountId: null }]);
  });

  test('the key of the installation cannot be bound, and nothing is written; nor can a key that is not there', async () => {
    const keys = await open();
    for (const [id, words] of [
      ['default', 'follows the default account'],
      ['0badc0de', 'no such client key'],
    ] as const)
      await expect(keys.bind(id, 'acc_1')).rejects.toMatchObject({
        code: 'invalid_request',
        words: { en: expect.stringContaining(words) },
      });
    expect(readdirSync(folder).filter((name) => name !== 'locks')).toEqual([]);
  });

  test('every change is told once, also one that another process made', async () => {
    const running = await open();
    const told: ClientChange[] = [];
    running.onChange((change) => told.push(change));
    const stop = running.watch();
    const { id } = await running.add('Cursor');
    await running.bind(id, 'acc_1');
    const other = await open();
    await other.bind(id, 'acc_2');
    await clock.advance(2000);
    await vi.waitUntil(() => told.length === 3);
    await other.revoke(id);
    await clock.advance(2000);
    await vi.waitUntil(() => told.length === 4);
    stop();
    expect(told).toMatchObject([
      { kind: 'client.changed', client: { keyId: id, name: 'Cursor', accountId: null } },
      { kind: 'client.changed', client: { keyId: id, accountId: 'acc_1' } },
      { kind: 'client.changed', client: { keyId: id, accountId: 'acc_2' } },
      { kind: 'client.removed', keyId: id },
    ]);
    expect(JSON.stringify(told)).not.toContain('hash');
  });

  test('of two processes that write at once neither loses the other’s key', async () => {
    const parts = { signer, clock: systemClock };
    const [one, two] = [await ClientKeys.open(folder, parts), await ClientKeys.open(folder, parts)];
    const made = await Promise.all([
      ...Array.from({ length: 5 }, (_, n) => one.add(`one ${n}`)),
      ...Array.from({ length: 5 }, (_, n) => two.add(`two ${n}`)),
    ]);
    const ids = (await open()).list().map(({ keyId }) => keyId);
    expect(ids.toSorted()).toEqual(['default', ...made.map(({ id }) => id)].toSorted());
  });

  test('a change that cannot be written does not count', async () => {
    const keys = await open();
    const { id, secret } = await keys.add('Cursor');
    rmSync(join(folder, 'client-keys.json'));
    mkdirSync(join(folder, 'client-keys.json'));
    await expect(keys.bind(id, 'acc_1')).rejects.toMatchObject({ code: 'storage' });
    expect(await keys.verify(secret)).toMatchObject({ accountId: null });
  });
});
