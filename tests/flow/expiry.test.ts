import { afterEach, expect, test } from 'vitest';
import { openRawSession } from '../helpers/raw-session.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
afterEach(() => gateway.close());

test('80 clients that call at the moment of expiry all get their answer, for one renewal', async () => {
  const clock = new FakeClock();
  gateway = await startGateway({ clock, config: { limits: { perAddress: 10_000 } } });
  const sessions = await Promise.all(Array.from({ length: 80 }, () => openRawSession(gateway)));
  clock.jump(2 * 3600_000 + 1000);
  const answers = await Promise.all(
    sessions.map((session) =>
      session.ask('tools/call', { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } } }),
    ),
  );
  expect(answers.filter((answer) => JSON.stringify(answer).includes('chat_id'))).toHaveLength(80);
  expect(await logOf(gateway.sandbox, '/oauth/v3/token')).toHaveLength(2);
});
