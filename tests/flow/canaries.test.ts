import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createSandbox } from '../../src-main/sandbox/sandbox.ts';
import { openRawSession, openRawSse, postHeaders } from '../helpers/raw-session.ts';
import { send } from '../helpers/raw-client.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';
import { spoil } from '../helpers/sandbox-control.ts';
import { startGateway } from '../helpers/start-gateway.ts';

const canaries: Record<string, string> = {
  'an argument': 'canary-argument-7f3a',
  'a tool name': 'canary_tool_51c0',
  'a token the client brought': 'u-canaryManualToken00000000',
  'the app secret': 'canary-app-secret-91be',
  'a wrong key': 'lg_default_canaryWrongKey000000000000000',
  'a code': 'canary-code-000000000000000000',
  'a state': 'canary-state-00000000000000000',
  'what Feishu said': 'canary-upstream-words',
};
/** Everything the gateway wrote or answered that is not an answer to the very client that sent the secret. */
const places: Record<string, string> = {};
let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'larkgate-canary-'));
  const sandbox = await createSandbox({ clock: systemClock, appSecret: canaries['the app secret'] ?? '' });
  const gateway = await startGateway({
    data,
    sandbox,
    config: { log: { level: 'debug' }, lark: { tokenEndpoint: 'v2' } },
  });
  const events: unknown[] = [];
  gateway.app.bus.subscribe((event) => events.push(event));

  const start = await fetch(gateway.app.urls.signIn, { redirect: 'manual' });
  const callback = await sandbox.consent(new URL(start.headers.get('location') ?? ''));
  const cookie = start.headers.get('set-cookie')?.split(';')[0] ?? '';
  canaries['the code of a sign-in'] = callback.searchParams.get('code') ?? '';
  canaries['the state of a sign-in'] = callback.searchParams.get('state') ?? '';
  canaries['the cookie of a sign-in'] = cookie.split('=')[1] ?? '';
  places['the page after a sign-in'] = await (await fetch(callback, { headers: { cookie } })).text();
  const forged = `${gateway.app.urls.redirect}?code=${canaries['a code']}&state=${canaries['a state']}`;
  places['the page after a forged sign-in'] = await (await fetch(forged)).text();

  canaries['the sign-in link'] = new URL(gateway.app.urls.signIn).searchParams.get('start') ?? '';
  await fetch(gateway.app.urls.signIn.replace(/.{5}$/, 'wrong'));

  const session = await openRawSession(gateway);
  const sse = await openRawSse(gateway);
  canaries['a session id'] = session.id;
  canaries['the id of an SSE session'] = new URL(sse.endpoint).searchParams.get('sessionId') ?? '';
  canaries['the client key'] = gateway.key;
  canaries['another client key'] = await gateway.addKey('Cursor');
  const call = (name: string, args: unknown) =>
    session.ask('tools/call', { name, arguments: args as Record<string, unknown> });
  const [argument, toolName] = [canaries['an argument'], canaries['a tool name'] ?? ''];
  await call('docx_v1_document_rawContent', { path: { document_id: argument } });
  await call('im_v1_message_create', { params: { receive_id_type: argument }, data: { content: argument } });
  await call(`${toolName}\r\n{"forged":true}`, { deep: { [argument ?? '']: argument } });
  await spoil(sandbox, {
    path: '/open-apis/im/v1/chats',
    kind: 'code',
    code: 230_002,
    msg: canaries['what Feishu said'],
  });
  await call('im_v1_chat_list', {});
  await spoil(sandbox, { path: '/open-apis/im/v1/chats', kind: 'reset' });
  await call('im_v1_chat_list', { params: { page_token: argument } });
  await sse.ask('tools/call', { name: 'im_v1_chat_list', arguments: { params: { page_token: argument } } });
  const own = {
    ...postHeaders(gateway),
    'x-larkgate-key': gateway.key,
    authorization: `Bearer ${canaries['a token the client brought']}`,
  };
  await send(gateway.mcp, {
    method: 'POST',
    headers: { ...own, 'mcp-session-id': session.id },
    body: JSON.stringify({ jsonrpc: '2.0', id: 99, method: 'tools/call', params: { name: 'im_v1_chat_list' } }),
  });
  const wrongKey = { ...postHeaders(gateway), authorization: `Bearer ${canaries['a wrong key']}` };
  places['the answer to a wrong key'] = (
    await send(gateway.mcp, { method: 'POST', headers: wrongKey, body: `{"${argument}` })
  ).body;
  places['the answer to broken JSON'] = (
    await send(gateway.mcp, { method: 'POST', headers: postHeaders(gateway), body: `{"${argument}` })
  ).body;

  const enter = await fetch(gateway.app.dashboardLink(), { redirect: 'manual' });
  const dashboard = enter.headers.get('set-cookie')?.split(';')[0] ?? '';
  canaries['the dashboard cookie'] = dashboard.split('=')[1] ?? '';
  const control = (method: string) =>
    fetch(gateway.mcp.replace('/mcp', `/control/${method}`), {
      method: 'POST',
      headers: { cookie: dashboard, 'content-type': 'application/json' },
      body: '{}',
    });
  const answers = [
    'snapshot',
    'calls',
    'settings',
    'buckets',
    'activity',
    'sessions',
    'about',
    'tools',
    'recordedClients',
  ];
  const texts = await Promise.all(answers.map(async (method) => (await control(method)).text()));
  places['the control API'] = texts.join('\n');
  places['the support bundle'] = await (await control('supportBundle')).text();
  const exportUrl = gateway.mcp.replace('/mcp', '/control/export?format=csv');
  places['an export'] = await (await fetch(exportUrl, { headers: { cookie: dashboard } })).text();
  places['the metrics'] = await (await fetch(gateway.app.urls.metrics)).text();
  places['the health answer'] = await (await fetch(gateway.app.urls.health)).text();
  sse.stream.drop();
  await gateway.close();
  places['the events'] = JSON.stringify(events);

  const vault = await openSandboxAccounts({ folder: data, url: sandbox.url, tokenEndpoint: 'v2' });
  const [account] = vault.accounts.list();
  canaries['the access token'] = (await vault.accounts.credential(account?.id ?? '')).accessToken;
  await vault.close();
  await sandbox.close();

  canaries['the master key'] = readFileSync(join(data, 'master.key'), 'utf8').trim();
  for (const file of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (file.isFile() && file.name !== 'master.key')
      places[file.name] = readFileSync(join(file.parentPath, file.name), 'latin1');
  }
});

afterAll(() => rm(data, { recursive: true }));

describe('nothing secret is left behind', () => {
  test('the flows ran: there is something to search, and something to find', () => {
    expect(Object.values(canaries).every((canary) => canary.length >= 12)).toBe(true);
    expect(places['the events']).toContain('call.finished');
    expect(Object.keys(places)).toEqual(
      expect.arrayContaining(['records.sqlite', 'token-snapshot.json', 'client-keys.json']),
    );
    expect(Object.keys(places).some((place) => place.endsWith('.log'))).toBe(true);
    expect(places['the events']).toContain('argumentsSha256');
    expect(places['the control API']).not.toContain('"fault":{"code":"internal"');
    expect(places['the support bundle']).toContain('call.finished');
    expect(places['an export']).toContain('im_v1_');
  });

  test.each([
    'an argument',
    'a token the client brought',
    'the app secret',
    'a wrong key',
    'a code',
    'a state',
    'the code of a sign-in',
    'the state of a sign-in',
    'the cookie of a sign-in',
    'a session id',
    'the id of an SSE session',
    'the client key',
    'another client key',
    'the access token',
    'the dashboard cookie',
    'the master key',
    'what Feishu said',
  ])('%s is in no log, file, event, page or count', (what) => {
    const canary = canaries[what] ?? 'missing';
    const found = Object.entries(places).filter(([, text]) => text.includes(canary));
    expect(found.map(([place]) => place)).toEqual([]);
  });

  test('the link that lets people sign in is shown on the dashboard, and is in no log, file, event or page', () => {
    const link = canaries['the sign-in link'] ?? 'missing';
    const found = Object.entries(places).filter(([, text]) => text.includes(link));
    expect(found.map(([place]) => place)).toEqual(['the control API']);
  });

  test('a tool name from outside is no label of a metric and forges no line of the log', () => {
    expect(places['the metrics']).not.toContain(canaries['a tool name']);
    const lines = Object.entries(places)
      .filter(([place]) => place.endsWith('.log'))
      .flatMap(([, text]) => text.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(JSON.parse(line)).not.toHaveProperty('forged');
  });
});
