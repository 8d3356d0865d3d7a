import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { createHttpClient, type HttpClient } from '../../../src-main/base/http-client.ts';
import type { Config } from '../../../src-main/contract/config.ts';
import { createLarkIssuer } from '../../../src-main/providers/lark/lark-issuer.ts';
import { createSandbox, type Sandbox } from '../../../src-main/sandbox/sandbox.ts';
import { faultOf } from './lark/lark-bench.ts';

let sandbox: Sandbox;
let http: HttpClient;
beforeEach(async () => {
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 30 });
  http = createHttpClient({ clock: systemClock });
});
afterEach(async () => {
  await http.close();
  await sandbox.close();
});

function issuerWith(tokenEndpoint: Config['lark']['tokenEndpoint'], change: { appSecret?: string } = {}) {
  const { url, appId, appSecret } = sandbox;
  const hosts = { open: url, accounts: url };
  return createLarkIssuer({
    appId,
    appSecret,
    http,
    clock: systemClock,
    hosts,
    settings: { tokenEndpoint },
    ...change,
  });
}

const letPass = (advanceMs: number) =>
  fetch(`${sandbox.url}/__clock`, { method: 'POST', body: JSON.stringify({ advanceMs }) });

const scopes = ['offline_access', 'im:chat:read'];

describe.each(['v3', 'v2'] as const)('signing in by a scan, over the %s token endpoint', (version) => {
  test('waits for the person, and then has tokens of that person', async () => {
    const issuer = issuerWith(version);
    const grant = await issuer.beginDevice(scopes);
    expect(grant).toMatchObject({
      intervalMs: 30_000,
      expiresInMs: 240_000,
      userCode: expect.stringMatching(/^[\w-]+$/),
    });
    expect(await issuer.pollDevice(grant.deviceCode)).toEqual({ kind: 'pending' });
    expect(await issuer.pollDevice(grant.deviceCode)).toEqual({ kind: 'slow_down' });
    await sandbox.confirmDevice(grant.url, { person: 'lin.xiaoyu' });
    await letPass(60_000);
    const granted = await issuer.pollDevice(grant.deviceCode);
    if (granted.kind !== 'granted') throw new Error(granted.kind);
    expect(granted.tokens).toMatchObject({ scopes, refreshToken: expect.any(String) });
    expect((await issuer.whoIs(granted.tokens.accessToken)).name).toBe('林晓雨');
    expect((await issuer.refresh(granted.tokens.refreshToken ?? '')).scopes).toEqual(scopes);
    expect((await faultOf(issuer.pollDevice(grant.deviceCode))).code).toBe('login_expired');
  });

  test('ends when the person declines', async () => {
    const issuer = issuerWith(version);
    const grant = await issuer.beginDevice(scopes);
    await sandbox.confirmDevice(grant.url, { deny: true });
    expect((await faultOf(issuer.pollDevice(grant.deviceCode))).code).toBe('login_denied');
  });

  test('ends when the link has died, or never was', async () => {
    const issuer = issuerWith(version);
    const grant = await issuer.beginDevice(scopes);
    await letPass(241_000);
    expect((await faultOf(issuer.pollDevice(grant.deviceCode))).code).toBe('login_expired');
    expect((await faultOf(issuer.pollDevice('made-up'))).code).toBe('login_expired');
  });

  test('does not begin with a wrong secret', async () => {
    const fault = await faultOf(issuerWith(version, { appSecret: 'wrong-canary' }).beginDevice(scopes));
    expect(fault.code).toBe('app_credentials');
    expect(JSON.stringify(fault.toBody())).not.toContain('canary');
  });
});
