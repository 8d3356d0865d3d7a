import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Signer } from '../../../src-main/base/signer.ts';
import { dashboardCookie, isDashboardCookie } from '../../../src-main/server/dashboard-cookie.ts';
import { helloProof, helloRoutes } from '../../../src-main/server/hello-routes.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const signer = new Signer(Buffer.alloc(32, 7));
const clock = new FakeClock();
const nonce = 'n'.repeat(43);

let app: FastifyInstance;
let url: string;
beforeEach(async () => {
  app = fastify();
  helloRoutes(app, () => 5275, { signer, version: '1.2.3' });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const hello = (query: string) => fetch(`${url}/hello${query}`);

describe('a program that asks who listens', () => {
  test('gets a proof that only this data folder’s gateway on this port can make', async () => {
    const answer = await (await hello(`?nonce=${nonce}`)).json();
    expect(answer).toEqual({ name: 'larkgate', version: '1.2.3', proof: helloProof(signer, nonce, 5275) });
    const others = [
      helloProof(signer, nonce, 5276),
      helloProof(signer, 'm'.repeat(43), 5275),
      helloProof(new Signer(Buffer.alloc(32, 8)), nonce, 5275),
    ];
    expect(others).not.toContain(answer.proof);
  });

  test.each([
    '',
    '?nonce=',
    '?nonce=short',
    `?nonce=${'n'.repeat(87)}`,
    `?nonce=${'n'.repeat(30)}%20`,
    `?nonce=${nonce}&nonce=${nonce}`,
  ])('with %s gets no signature', async (query) => {
    const answer = await hello(query);
    expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('proof')]);
  });

  test('gets it however often others ask: a stranger cannot keep a command from its gateway', async () => {
    const answers = await Promise.all(Array.from({ length: 250 }, () => hello(`?nonce=${nonce}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

test('the command line’s cookie opens the dashboard’s door for a minute, in this installation alone', () => {
  const now = clock.now();
  const value = dashboardCookie(signer, now).replace('larkgate_dashboard=', '');
  expect(isDashboardCookie(signer, value, now + 59_000)).toBe(true);
  expect(isDashboardCookie(signer, value, now + 61_000)).toBe(false);
  expect(isDashboardCookie(new Signer(Buffer.alloc(32, 8)), value, now)).toBe(false);
});
