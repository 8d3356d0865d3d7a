import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { Signer } from '../../src-main/base/signer.ts';
import { ClientKeys } from '../../src-main/server/client-keys.ts';
import { type RawSession, openRawSession } from '../helpers/raw-session.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
let lin: string;
let chen: string;

beforeEach(async () => {
  gateway = await startGateway();
  await gateway.signIn('chen.zhiyuan');
  const accounts = gateway.app.accounts();
  lin = accounts.find(({ isDefault }) => isDefault)?.id ?? '';
  chen = accounts.find(({ isDefault }) => !isDefault)?.id ?? '';
});
afterEach(() => gateway.close());

async function openClient(name: string) {
  const key = await gateway.addKey(name);
  const session = await openRawSession({ ...gateway, key });
  const keyId = /^lg_([a-z0-9]+)_/.exec(key)?.[1] ?? '';
  return { keyId, session, bind: (accountId: string | null) => gateway.app.call('bindClient', { keyId, accountId }) };
}

/** Whose name the session's next call is made in; the fault's code where it is not made. */
async function works(session: RawSession): Promise<unknown> {
  await fetch(`${gateway.sandbox.url}/__log`, { method: 'DELETE' });
  const result = JSON.stringify(await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} }));
  const [call] = await logOf(gateway.sandbox, '/open-apis/im/v1/chats');
  return call?.authorization.person ?? /"code\\":\\"(\w+)/.exec(result)?.[1];
}

test('each client works as the account it is bound to, from its next call on and without connecting again', async () => {
  const [one, two] = [await openClient('Cursor'), await openClient('Claude')];
  expect([await works(one.session), await works(two.session)]).toEqual(['lin.xiaoyu', 'lin.xiaoyu']);
  await two.bind(chen);
  expect([await works(one.session), await works(two.session)]).toEqual(['lin.xiaoyu', 'chen.zhiyuan']);
  await gateway.app.call('setDefaultAccount', { accountId: chen });
  await two.bind(lin);
  expect([await works(one.session), await works(two.session)]).toEqual(['chen.zhiyuan', 'lin.xiaoyu']);
  await two.bind(null);
  expect(await works(two.session)).toBe('chen.zhiyuan');
});

test('a session that is bound by itself goes back to its key when the key is bound', async () => {
  const client = await openClient('Cursor');
  const { sessions } = await gateway.app.call('sessions', {});
  const mine = sessions.find(({ keyId }) => keyId === client.keyId);
  expect(await gateway.app.call('bindSession', { sessionId: mine?.id ?? '', accountId: chen })).toEqual({
    bound: true,
  });
  expect(await works(client.session)).toBe('chen.zhiyuan');
  await client.bind(lin);
  expect(await works(client.session)).toBe('lin.xiaoyu');
});

test('a client whose account signed out is told so, and never works as somebody else', async () => {
  const client = await openClient('Cursor');
  await client.bind(chen);
  await gateway.app.signOut(chen);
  expect(await works(client.session)).toBe('sign_in_required');
  expect(await works((await openClient('Claude')).session)).toBe('lin.xiaoyu');
  await gateway.signIn('chen.zhiyuan');
  expect(await works(client.session)).toBe('chen.zhiyuan');
});

test('what the command line does to the keys of a running gateway is told and takes effect', async () => {
  const client = await openClient('Cursor');
  const told: unknown[] = [];
  const seen = new Promise<void>((resolve) => {
    gateway.app.bus.subscribe((event) => {
      if (event.kind !== 'client.changed' && event.kind !== 'client.removed') return;
      told.push(event);
      if (event.kind === 'client.removed') resolve();
    });
  });
  const host = await createNodeHost(gateway.data, {});
  const signer = new Signer(await host.masterKey());
  const keys = await ClientKeys.open(gateway.data, { signer, clock: systemClock });
  await keys.bind(client.keyId, chen);
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await works(client.session)).toBe('chen.zhiyuan');
  await keys.revoke(client.keyId);
  await seen;
  expect(told).toMatchObject([
    { kind: 'client.changed', client: { keyId: client.keyId, accountId: chen } },
    { kind: 'client.removed', keyId: client.keyId },
  ]);
  expect((await client.session.post({ jsonrpc: '2.0', id: 9, method: 'tools/list' })).status).toBe(401);
});

test('the key that everybody shares cannot be bound, nor any key to somebody who is not signed in', async () => {
  await expect(gateway.app.call('bindClient', { keyId: 'default', accountId: chen })).rejects.toMatchObject({
    code: 'invalid_request',
    words: { en: expect.stringContaining('follows the default account') },
  });
  const client = await openClient('Cursor');
  await expect(client.bind('acc_nobody')).rejects.toMatchObject({ code: 'sign_in_required' });
  expect(await works(client.session)).toBe('lin.xiaoyu');
});
