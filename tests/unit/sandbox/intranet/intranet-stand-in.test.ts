import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createIntranetStandIn,
  type IntranetStandIn,
} from '../../../../src-main/sandbox/intranet/intranet-stand-in.ts';
import { RushClock } from '../../../helpers/rush-clock.ts';

let clock: RushClock;
let intranet: IntranetStandIn;
beforeEach(async () => {
  clock = new RushClock();
  intranet = await createIntranetStandIn({ clock });
});
afterEach(() => intranet.close());

const jwt = async (cookie = `CAS_SESSION=${intranet.casSession}`) => {
  const answer = await fetch(`${intranet.authUrl}/auth/api/v1/jwt`, { headers: { cookie } });
  return { status: answer.status, type: answer.headers.get('content-type'), value: answer.headers.get('x-jwt-token') };
};
const search = async (index: number, value: string, query = 'keyword=oec&search_type=all') => {
  const url = `${intranet.regionUrls[index]}/api/neptune/ms/service/search?${query}`;
  return (await fetch(url, { headers: { 'x-jwt-token': value } })).json();
};

describe('the stand-in for the intranet', () => {
  test('gives a JWT for the session in a header, and the sign-in page to everybody else', async () => {
    const { value } = await jwt();
    const claims = JSON.parse(Buffer.from(value?.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.exp * 1000).toBe(clock.now() + 3_600_000);
    expect(await jwt('CAS_SESSION=other')).toEqual({ status: 200, type: 'text/html;charset=utf-8', value: null });
    intranet.endSession();
    expect((await jwt()).value).toBeNull();
  });

  test('has its own services in each region, for a JWT that is still good', async () => {
    const value = (await jwt()).value ?? '';
    expect(await search(0, value)).toMatchObject({
      error_code: 0,
      data: [{ psm: 'oec.affiliate.monitor', level: 'P2' }],
    });
    expect(await search(1, value)).toMatchObject({ error_code: 0, data: [{ psm: 'oec.affiliate.payments' }] });
    expect(await search(0, value, 'keyword=oec')).toMatchObject({ error_code: 400 });
    clock.pass(3_600_000);
    expect(await search(0, value)).toEqual({
      error_code: 401,
      error_type: 'AUTH_ERROR',
      error_message: 'JWT token expired or invalid',
    });
  });

  test('shows neither session nor JWT in its log', async () => {
    const value = (await jwt()).value ?? '';
    await search(0, value);
    const log = JSON.stringify([intranet.auth.log(), intranet.regions.map((region) => region.log())]);
    expect(log).toContain('x-jwt-token');
    expect(log).not.toContain(value);
    expect(log).not.toContain(intranet.casSession);
  });
});
