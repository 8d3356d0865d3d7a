import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, type TokenAnswer, SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let signedIn: TokenAnswer;
beforeAll(async () => {
  client = await SandboxClient.open();
  signedIn = await client.signIn({ scope: 'offline_access im:message' });
});
afterAll(() => client.close());

const subjects = (answer: { error: { permission_violations?: { subject: string }[] } }) =>
  answer.error.permission_violations?.map((one) => one.subject);

describe('a call without the right token is refused with the code that says why', () => {
  test.each([
    [99991661, 'no token', undefined],
    [99991671, 'not a token at all', 'Bearer nonsense'],
    [99991671, 'another kind of header', 'Basic YTpi'],
    [99991668, 'a user token that nobody issued', 'Bearer u-unknown'],
    [99991663, 'a tenant token that nobody issued', 'Bearer t-unknown'],
    [99991664, 'an app token that nobody issued', 'Bearer a-unknown'],
  ])('%i: %s', async (code, _, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await fetch(`${client.sandbox.url}/open-apis/im/v1/chats`, { headers });
    expect(answer.status).toBe(400);
    const logId = answer.headers.get('x-tt-logid');
    expect(logId).toMatch(/^\w{10,}$/);
    expect(await answer.json()).toMatchObject({ code, msg: expect.any(String), error: { log_id: logId } });
  });

  test('99991668: a refresh token in place of an access token', async () => {
    expect((await client.callWith(signedIn.refresh_token)('GET', '/authen/v1/user_info')).code).toBe(99991668);
  });

  test('99991677: an expired one', async () => {
    const other = await SandboxClient.open();
    const { access_token } = await other.signIn();
    await other.advance(2 * 60 * 60_000);
    expect(await other.callWith(access_token)('GET', '/authen/v1/user_info')).toMatchObject({
      status: 401,
      code: 99991677,
    });
    await other.close();
  });

  test('99991668: the identity that a method does not take', async () => {
    const asTenant = client.callWith(await client.tenantToken());
    expect((await asTenant('POST', '/suite/docs-api/search/object', { search_key: '' })).code).toBe(99991668);
    expect((await client.callWith(signedIn.access_token)('POST', '/message/v4/batch_send', {})).code).toBe(99991668);
  });
});

describe('scopes', () => {
  test('99991679 lists those of which the person must grant one', async () => {
    const answer = await client.callWith(signedIn.access_token)('GET', '/wiki/v2/spaces');
    expect(answer).toMatchObject({ status: 400, code: 99991679 });
    expect(subjects(answer)).toEqual(['wiki:wiki', 'wiki:wiki:readonly', 'wiki:space:retrieve']);
  });

  test('any one of them is enough', async () => {
    const { access_token } = await client.signIn({ person: 'wang.siqi', scope: 'wiki:space:retrieve' });
    expect((await client.callWith(access_token)('GET', '/wiki/v2/spaces')).code).toBe(0);
  });

  test('99991672 when the app has enabled none of them, for people and for the tenant', async () => {
    const withheldScopes = ['im:chat', 'im:chat:readonly', 'im:chat:read'];
    await client.control('POST', '/__app', { withheldScopes });
    for (const token of [signedIn.access_token, await client.tenantToken()]) {
      const answer = await client.callWith(token)('GET', '/im/v1/chats');
      expect(answer.code).toBe(99991672);
      expect(subjects(answer)).toEqual(expect.arrayContaining(withheldScopes));
    }
    await client.control('POST', '/__app', { withheldScopes: [] });
  });

  test('a person tells mail address, mobile and employee id only under scopes of their own', async () => {
    const plain = await client.callWith(signedIn.access_token)('GET', '/authen/v1/user_info');
    expect(plain.data).toMatchObject({ name: '林晓雨', en_name: 'Lin Xiaoyu', open_id: expect.stringMatching(/^ou_/) });
    expect(plain.data).not.toHaveProperty('email');
    const { access_token } = await client.signIn({ person: 'chen.zhiyuan', scope: 'contact:user.email:readonly' });
    const more = await client.callWith(access_token)('GET', '/authen/v1/user_info');
    expect(more.data.email).toBe('chen.zhiyuan@qinghe.example.com');
    expect(more.data).not.toHaveProperty('mobile');
  });
});

describe('the frame of every answer', () => {
  test('an unknown path or method is a 404 in plain text', async () => {
    for (const [method, path] of [
      ['GET', '/open-apis/im/v9/chats'],
      ['DELETE', '/open-apis/authen/v1/user_info'],
      ['GET', '/'],
    ]) {
      const answer = await fetch(client.sandbox.url + path, { method: method ?? '' });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        404,
        'text/plain; charset=utf-8',
        '404 page not found',
      ]);
    }
  });

  test('missing and wrong fields are named', async () => {
    const call = client.callWith(signedIn.access_token);
    const missing = await call('POST', '/im/v1/messages', { receive_id: 'x', msg_type: 'text' });
    expect(missing).toMatchObject({
      status: 400,
      code: 99992402,
      error: { field_violations: [{ field: 'receive_id_type' }] },
    });
    const body = await call('POST', '/im/v1/messages?receive_id_type=chat_id', { receive_id: 'x', msg_type: 'text' });
    expect(body.error.field_violations).toMatchObject([{ field: 'content' }]);
  });

  test('a body that is not JSON is refused', async () => {
    const headers = { authorization: `Bearer ${signedIn.access_token}`, 'content-type': 'application/json' };
    const url = `${client.sandbox.url}/open-apis/im/v1/messages?receive_id_type=chat_id`;
    expect(await (await fetch(url, { method: 'POST', headers, body: '{"receive_id":' })).json()).toMatchObject({
      code: 9499,
    });
  });

  test('a page token that nobody gave is refused', async () => {
    const { access_token } = await client.signIn();
    expect((await client.callWith(access_token)('GET', '/im/v1/chats?page_token=bm9uc2Vuc2U')).code).toBe(99992402);
  });
});

describe('every tool of the official presets has its method here', () => {
  const load = createRequire(import.meta.url);
  const root = '@larksuiteoapi/lark-mcp/dist/mcp-tool';
  const { presetTools } = load(`${root}/constants.js`);
  const names = [...new Set<string>(Object.values<string[]>(presetTools).flat())];
  const modules = [
    'im_v1',
    'bitable_v1',
    'docx_v1',
    'drive_v1',
    'wiki_v1',
    'wiki_v2',
    'contact_v3',
    'task_v2',
    'calendar_v4',
  ];
  const tools = modules.flatMap((name) =>
    Object.values<Json>(load(`${root}/tools/en/gen-tools/zod/${name}.js`)).flat(),
  );

  test.each(names.filter((name) => !name.includes('.builtin.')))('%s', async (name) => {
    const tool = tools.find((one) => one.name === name);
    const path = tool.path.replaceAll(/:\w+/g, 'some-id').replace('/open-apis', '');
    expect((await client.callWith(undefined)(tool.httpMethod, path)).code).toBe(99991661);
  });

  test.each([
    ['docx.builtin.search', 'POST', '/suite/docs-api/search/object'],
    ['docx.builtin.import', 'POST', '/drive/v1/medias/upload_all'],
    ['docx.builtin.import', 'POST', '/drive/v1/import_tasks'],
    ['docx.builtin.import', 'GET', '/drive/v1/import_tasks/some-id'],
    ['im.builtin.batchSend', 'POST', '/message/v4/batch_send'],
  ])('%s: %s %s', async (_, method, path) => {
    expect((await client.callWith(undefined)(method, path)).code).toBe(99991661);
  });
});
