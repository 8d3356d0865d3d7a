import { defaultHttpInstance, registerApp } from '@larksuiteoapi/node-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let plain: number;
beforeAll(async () => {
  client = await SandboxClient.open({ deviceIntervalS: 1 });
  // The SDK speaks https only; the sandbox is on loopback.
  plain = defaultHttpInstance.interceptors.request.use((config) => ({
    ...config,
    url: config.url?.replace(/^https:\/\/127\.0\.0\.1/, 'http://127.0.0.1') ?? '',
  }));
});
afterAll(async () => {
  defaultHttpInstance.interceptors.request.eject(plain);
  await client.close();
});

interface Run {
  person?: string;
  deny?: boolean;
  at?: 'feishu' | 'lark';
  options?: Partial<Parameters<typeof registerApp>[0]>;
}

/** The official `registerApp`, with a person who answers as soon as it has begun to wait. */
async function register({ person, deny = false, at = 'feishu', options = {} }: Run = {}) {
  const { url, larkUrl } = client.sandbox;
  const [feishuHost, larkHost] = [new URL(url).host, new URL(larkUrl).host];
  const statuses: string[] = [];
  let link: URL | undefined;
  let answered = false;
  const registered = await registerApp({
    domain: at === 'lark' ? larkHost : feishuHost,
    larkDomain: larkHost,
    addons: { scopes: { user: ['offline_access', 'im:message'] } },
    ...options,
    onQRCodeReady: (info) => {
      link = new URL(info.url);
      expect(info.expireIn).toBe(600);
    },
    onStatusChange: ({ status }) => {
      statuses.push(status);
      if (status !== 'polling' || answered || !link) return;
      answered = true;
      void client.sandbox.confirmRegistration(link, { ...(person !== undefined && { person }), deny });
    },
  });
  return { registered, statuses };
}

test('the official SDK registers an app, extends it, and the app signs a person in', async () => {
  const { registered, statuses } = await register({
    person: 'zhang.weiming',
    options: { createOnly: true, appPreset: { name: 'LarkGate ({user})' } },
  });
  expect(statuses).toEqual(['polling']);
  expect(registered.user_info).toEqual({ open_id: expect.stringMatching(/^ou_/), tenant_brand: 'feishu' });
  const appId = registered.client_id;
  expect(await client.control('GET', `/__app?appId=${appId}`)).toMatchObject({ name: 'LarkGate (张伟明)' });

  const again = await register({ options: { appId, addons: { scopes: { user: ['task:task:write'] } } } });
  expect(again.registered).toMatchObject({ client_id: appId, client_secret: registered.client_secret });

  const agent = client.as({ appId, appSecret: registered.client_secret });
  const begun = await agent.beginDevice('offline_access im:message task:task:write');
  await client.sandbox.confirmDevice(new URL(begun.verification_uri_complete), { person: 'zhang.weiming' });
  expect((await agent.pollDevice(begun.device_code)).scope).toBe('offline_access im:message task:task:write');
});

test('the official SDK follows a person of Lark international to the Lark host', async () => {
  const { registered, statuses } = await register({ person: 'olivia.carter' });
  expect(statuses).toEqual(['polling', 'domain_switched']);
  expect(registered.user_info?.tenant_brand).toBe('lark');
  expect(await client.lark.control('GET', `/__app?appId=${registered.client_id}`)).toMatchObject({
    owner: 'olivia.carter',
  });
});

test('the official SDK works when it begins at the Lark host', async () => {
  const { registered } = await register({ at: 'lark' });
  expect(registered.user_info?.tenant_brand).toBe('lark');
});

test('the official SDK reports a person who declined', async () => {
  await expect(register({ deny: true })).rejects.toMatchObject({ code: 'access_denied' });
});
