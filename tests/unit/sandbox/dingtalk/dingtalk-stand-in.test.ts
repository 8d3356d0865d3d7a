import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createDingtalkStandIn,
  type DingtalkStandIn,
} from '../../../../src-main/sandbox/dingtalk/dingtalk-stand-in.ts';
import { RushClock } from '../../../helpers/rush-clock.ts';

/** JSON of whatever shape: answers differ from route to route. */
type Json = ReturnType<typeof JSON.parse>;

let clock: RushClock;
let dingtalk: DingtalkStandIn;
beforeEach(async () => {
  clock = new RushClock();
  dingtalk = await createDingtalkStandIn({ clock });
});
afterEach(() => dingtalk.close());

async function ask(method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) {
  const answer = await fetch(dingtalk.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const json: Json = await answer.json();
  return { status: answer.status, type: answer.headers.get('content-type'), json };
}

async function token(): Promise<string> {
  const { appKey, appSecret } = dingtalk;
  return (await ask('POST', '/v1.0/oauth2/accessToken', { body: { appKey, appSecret } })).json.accessToken;
}

describe('the stand-in for DingTalk', () => {
  test('gives the same token while it is good and another one after', async () => {
    const first = await token();
    clock.pass(7_000_000);
    expect(await token()).toBe(first);
    clock.pass(7_000_000);
    expect(await token()).toBe(first);
    clock.pass(7_200_000);
    expect(await token()).not.toBe(first);
  });

  test.each([
    ['no header', {}, 'AuthenticationFailed.MissingParameter'],
    ['a bearer', { authorization: 'Bearer x' }, 'AuthenticationFailed.MissingParameter'],
    ['a token that nobody gave', { 'x-acs-dingtalk-access-token': 'x' }, 'InvalidAuthentication'],
  ])('refuses %s with 400', async (_what, headers, code) => {
    const { status, type, json } = await ask('GET', '/v2.0/wiki/workspaces?operatorId=union-lin', { headers });
    expect({ status, type }).toEqual({ status: 400, type: 'application/json;charset=utf-8' });
    expect(json).toEqual({ code, requestid: expect.any(String), message: expect.any(String) });
  });

  test('says no to wrong credentials, wrong paths and calls in nobody’s name as DingTalk does', async () => {
    const wrong = await ask('POST', '/v1.0/oauth2/accessToken', { body: { appKey: 'x', appSecret: 'y' } });
    expect(wrong).toMatchObject({ status: 400, json: { code: 'invalidClientIdOrSecret' } });
    const headers = { 'x-acs-dingtalk-access-token': await token() };
    expect(await ask('GET', '/v1.0/doc/documents', { headers })).toMatchObject({
      status: 404,
      json: { code: 'InvalidAction.NotFound' },
    });
    expect(await ask('GET', '/doc/documents', { headers })).toMatchObject({ status: 200, json: { errcode: 404 } });
    expect(await ask('GET', '/v2.0/wiki/workspaces', { headers })).toMatchObject({
      status: 400,
      json: { code: 'MissingoperatorId' },
    });
  });

  test('gives three ids, of which two are good for content, and content only after a second', async () => {
    const space = dingtalk.world.addSpace('库');
    const headers = { 'x-acs-dingtalk-access-token': await token() };
    const body = { name: 'a', docType: 'DOC', operatorId: 'union-lin' };
    const { json } = await ask('POST', `/v1.0/doc/workspaces/${space.workspaceId}/docs`, { headers, body });
    expect(Object.keys(json).toSorted()).toEqual(['dentryUuid', 'docKey', 'nodeId', 'url', 'workspaceId']);
    const blocks = async (id: string) =>
      (await ask('GET', `/v1.0/doc/suites/documents/${id}/blocks?operatorId=union-lin`, { headers })).status;
    expect(await blocks(json.dentryUuid)).toBe(404);
    clock.pass(1000);
    expect([await blocks(json.dentryUuid), await blocks(json.docKey), await blocks(json.nodeId)]).toEqual([
      200, 200, 404,
    ]);
    const node = await ask('GET', `/v2.0/wiki/nodes/${json.dentryUuid}?operatorId=union-lin`, { headers });
    expect(node.json.node).toMatchObject({ name: 'a.adoc', createTime: expect.stringMatching(/T\d\d:\d\dZ$/) });
    expect(await ask('POST', `/v1.0/doc/workspaces/${space.workspaceId}/docs`, { headers, body })).toMatchObject({
      json: { code: 'invalidRequest.workspaceNode.nameConflict' },
    });
    const path = `/v1.0/doc/workspaces/${space.workspaceId}/docs/${json.nodeId}?operatorId=union-lin`;
    expect(await ask('DELETE', path, { headers })).toMatchObject({ status: 200, json: {} });
    expect(dingtalk.world.nodes).toEqual([]);
  });

  test('takes fifty thousand characters and no more', async () => {
    const space = dingtalk.world.addSpace('库');
    const { dentryUuid } = dingtalk.world.add({ name: 'a', parentId: space.rootNodeId });
    const headers = { 'x-acs-dingtalk-access-token': await token() };
    const write = (content: string) =>
      ask('POST', `/v1.0/doc/suites/documents/${dentryUuid}/overwriteContent?operatorId=union-lin`, {
        headers,
        body: { content },
      });
    expect(await write('字'.repeat(50_000))).toMatchObject({ status: 200, json: { success: true } });
    expect(await write('字'.repeat(50_001))).toMatchObject({ status: 400, json: { code: 'paramError' } });
  });

  test('goes wrong when asked to, counts, and shows no token', async () => {
    const value = await token();
    const headers = { 'x-acs-dingtalk-access-token': value };
    const fault = { path: '/v2.0/*', kind: 'qps', times: 2 };
    await fetch(`${dingtalk.url}/__fault`, { method: 'POST', body: JSON.stringify(fault) });
    const path = '/v2.0/wiki/mineWorkspaces?operatorId=union-lin';
    for (let turn = 0; turn < 2; turn += 1)
      expect(await ask('GET', path, { headers })).toMatchObject({
        status: 403,
        json: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' },
      });
    expect((await ask('GET', path, { headers })).json.code).toBe('workspaceNotExist');
    expect((await ask('GET', '/__counts')).json).toMatchObject({ 'GET /v2.0/wiki/mineWorkspaces': 3 });
    const log = await ask('GET', '/__log');
    expect(log.json).toHaveLength(4);
    expect(JSON.stringify(log.json)).not.toContain(value);
    expect(JSON.stringify(log.json)).not.toContain(dingtalk.appSecret);
    expect((await ask('POST', '/__fault', { body: { path: 'no' } })).status).toBe(400);
  });

  test('answers on its older host with 200 whatever happens', async () => {
    const old = async (accessToken: string, userid: string) => {
      const url = `${dingtalk.oapiUrl}/topapi/v2/user/get?access_token=${accessToken}`;
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ userid }) });
      return { status: answer.status, json: await answer.json() };
    };
    const value = await token();
    expect(await old(value, 'user-lin')).toMatchObject({
      status: 200,
      json: { errcode: 0, result: { unionid: 'union-lin' } },
    });
    expect(await old('x', 'user-lin')).toMatchObject({ status: 200, json: { errcode: 88, sub_code: '40014' } });
    expect(await old(value, 'nobody')).toMatchObject({ status: 200, json: { errcode: 60121 } });
    expect(JSON.stringify(dingtalk.oapi.log())).not.toContain(value);
  });
});
