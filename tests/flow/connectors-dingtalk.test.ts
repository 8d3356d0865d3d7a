import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { createHttpClient } from '../../src-main/base/http-client.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { connectorsFromEnvironment, dingtalkConfigSchema } from '../../src-main/contract/connectors-config.ts';
import type { Connector } from '../../src-main/providers/connector.ts';
import { createDingtalkProvider } from '../../src-main/providers/dingtalk/dingtalk-provider.ts';
import { createDingtalkStandIn, type DingtalkStandIn } from '../../src-main/sandbox/dingtalk/dingtalk-stand-in.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { createProviderServer } from '../helpers/provider-server.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

/** JSON of whatever shape: tests say what they expect of it. */
type Json = ReturnType<typeof JSON.parse>;

const http = createHttpClient({ clock: systemClock });
let dingtalk: DingtalkStandIn;
let provider: Connector;
let gateway: StartedGateway;
let client: Client;

beforeAll(async () => {
  dingtalk = await createDingtalkStandIn({ clock: systemClock });
  const { dingtalk: fromEnvironment, secrets } = connectorsFromEnvironment({
    DINGTALK_APP_KEY: dingtalk.appKey,
    DINGTALK_APP_SECRET: `${dingtalk.appSecret}\n`,
    DINGTALK_BASE_URL: dingtalk.url,
    DINGTALK_OAPI_BASE_URL: dingtalk.oapiUrl,
    DINGTALK_OPERATOR_USER_ID: dingtalk.operatorUserId,
    DINGTALK_TENANT_ID: 'dingsandbox',
  });
  const settings = dingtalkConfigSchema.parse({ enabled: true, ...fromEnvironment });
  provider = createDingtalkProvider({
    http,
    clock: systemClock,
    log: silentLog(),
    notices: new Notices(new EventBus(systemClock), () => systemClock.now()),
    settings,
    language: 'zh',
    appSecret: () => secrets.dingtalkAppSecret,
    limits: { upstreamMs: 30_000, answerBytes: 16_777_216, resultBytes: 1_048_576, callMs: 60_000 },
  });
  gateway = await startGateway({ signedIn: false, mount: () => createProviderServer(provider) });
  client = await connectAs('dingtalk-flow', gateway);
});
afterAll(async () => {
  await client.close();
  await gateway.close();
  await provider.close?.();
  await http.close();
  await dingtalk.close();
});

async function call(name: string, input: Record<string, unknown> = {}): Promise<Json> {
  const { content } = await client.callTool({ name, arguments: input });
  return JSON.parse((content as { text: string }[])[0]?.text ?? '');
}

describe('a client that works with DingTalk documents', () => {
  test('sees four tools, in the words of its language', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name, title }) => [name, title])).toEqual([
      ['create_doc', '创建钉钉文档'],
      ['get_doc', '获取钉钉文档内容'],
      ['update_doc', '更新钉钉文档'],
      ['list_docs', '列出钉钉文档'],
    ]);
  });

  test('creates a document, finds it, reads it, adds to it and reads it again, whether the token is still good or not', async () => {
    const space = dingtalk.world.addSpace('产品库');
    const created = await call('create_doc', {
      title: '评审纪要',
      content: '# 结论\n\n- 通过',
      space_id: space.workspaceId,
    });
    expect(created).toMatchObject({ success: true, title: '评审纪要' });

    dingtalk.revokeToken();
    const listed = await call('list_docs', { keyword: '评审' });
    expect(listed).toMatchObject({
      documents: [{ document_id: created.document_id, title: '评审纪要', author: '林晓雨' }],
      pagination: { page: 1, page_size: 20, total: 1, total_pages: 1 },
    });

    dingtalk.revokeToken();
    expect(await call('get_doc', { document_id: created.url, format: 'markdown' })).toMatchObject({
      document_id: created.document_id,
      content: '# 结论\n\n- 通过',
    });

    dingtalk.revokeToken();
    const updated = await call('update_doc', { document_id: created.document_id, content: '补充一句', mode: 'append' });
    expect(updated).toMatchObject({ success: true, document_id: created.document_id, version: null });
    expect((await call('get_doc', { document_id: created.document_id })).content).toBe('结论\n- 通过\n补充一句');
  });

  test('is told in the words of the specification what goes wrong, and the gateway records it', async () => {
    expect(await call('get_doc', { document_id: 'nobodyhasthis' })).toEqual({
      error: 'Document not found',
      code: 'NOT_FOUND',
    });
    expect(await call('create_doc', {})).toMatchObject({
      code: 'INVALID_PARAMS',
      details: expect.stringContaining('title'),
    });
  });

  test('finds nothing of DingTalk on the gateway while it is down, and everything after', async () => {
    dingtalk.api.faults.add({ path: '/v2.0/*', kind: 'reset', times: 3 });
    expect(await call('list_docs', { keyword: '别的' })).toMatchObject({
      code: 'DINGTALK_ERROR',
      details: expect.stringContaining('连不上钉钉'),
    });
    expect((await fetch(gateway.app.urls.health)).status).toBe(200);
    expect(await call('list_docs', { keyword: '评审' })).toMatchObject({ success: true });
  });
});
