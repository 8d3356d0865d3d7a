import { describe, expect, test } from 'vitest';
import {
  connectorsFromEnvironment,
  dingtalkConfigSchema,
  psmConfigSchema,
} from '../../../src-main/contract/connectors-config.ts';

describe('the settings of connectors', () => {
  test('leave everything off, with the defaults that were specified', () => {
    expect(dingtalkConfigSchema.parse(undefined)).toMatchObject({
      enabled: false,
      baseUrl: 'https://api.dingtalk.com',
      tokenCacheTtl: 3600,
      maxCallsPerTool: 20,
    });
    expect(psmConfigSchema.parse(undefined)).toMatchObject({
      enabled: false,
      authUrl: 'https://cloud.bytedance.net',
      regions: ['https://ms-neptune.byted.org', 'https://ms-neptune.tiktok-us.org'],
      requestMs: 30_000,
      totalMs: 60_000,
      retries: 2,
      cacheTtl: 300,
      connections: 100,
    });
  });

  test('come from the environment too, trimmed, empty ones left out, secrets apart', () => {
    const { dingtalk, psm, secrets } = connectorsFromEnvironment({
      DINGTALK_APP_KEY: ' ding1\n',
      DINGTALK_APP_SECRET: 's3cret\n',
      DINGTALK_TENANT_ID: '',
      DINGTALK_TOKEN_CACHE_TTL: '1800',
      CAS_SESSION: 'cas\r\n',
      PSM_REGIONS: 'https://a.example/, https://b.example/x/',
    });
    expect(dingtalkConfigSchema.parse(dingtalk)).toMatchObject({ appKey: 'ding1', tenantId: '', tokenCacheTtl: 1800 });
    expect(psmConfigSchema.parse(psm).regions).toEqual(['https://a.example', 'https://b.example/x']);
    expect(secrets).toEqual({ dingtalkAppSecret: 's3cret', casSession: 'cas' });
    expect(JSON.stringify([dingtalk, psm])).not.toMatch(/s3cret|cas"/);
  });

  test('refuse a number that is none, and an address that a secret could be read on the way to', () => {
    const { dingtalk } = connectorsFromEnvironment({ DINGTALK_TOKEN_CACHE_TTL: 'an hour' });
    expect(dingtalkConfigSchema.safeParse(dingtalk).success).toBe(false);
    expect(dingtalkConfigSchema.safeParse({ baseUrl: 'http://api.dingtalk.com' }).success).toBe(false);
    expect(dingtalkConfigSchema.safeParse({ baseUrl: 'http://127.0.0.1:9000' }).success).toBe(true);
  });
});
