import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { Signer } from '../../../src-main/base/signer.ts';
import { ClientKeys } from '../../../src-main/server/client-keys.ts';
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
    expect(readFileSync(path, 'utf8')).not.toContain(secret.split('_')[2]);
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
    expect((await open()).list()).toEqual([]);
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
});
