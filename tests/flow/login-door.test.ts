import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRawSession } from '../helpers/raw-session.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
beforeEach(async () => {
  gateway = await startGateway({ signedIn: false });
});
afterEach(() => gateway.close());

const begin = (headers: Record<string, string> = {}) => fetch(gateway.app.urls.signIn, { redirect: 'manual', headers });
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('starting to sign in', () => {
  test('two tabs of one browser each finish what they began', async () => {
    const first = await begin();
    const second = await begin({ cookie: cookieOf(first) });
    for (const tab of [first, second]) {
      const callback = await gateway.sandbox.consent(new URL(tab.headers.get('location') ?? ''));
      const page = await fetch(callback, { headers: { cookie: cookieOf(second) } });
      expect(await page.text()).toContain('授权成功');
    }
  });

  test('a picture on somebody’s page starts nothing', async () => {
    expect((await begin({ 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await begin({ 'sec-fetch-dest': 'document' })).status).toBe(302);
  });

  test('however often it is started, the clients’ requests are not used up', async () => {
    const session = await openRawSession(gateway);
    const answers = await Promise.all(Array.from({ length: 250 }, () => begin()));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(await session.ask('tools/list')).toHaveProperty('tools');
  });
});
