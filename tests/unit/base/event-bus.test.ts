import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const news = (n: number) => ({ kind: 'notice.cleared' as const, noticeId: String(n) });

test('whoever asks "since N" gets every later event once and in order, or learns that there is a gap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.nat(70), (count, keep, back) => {
      const bus = new EventBus(new FakeClock(), { keep });
      const ids = Array.from({ length: count }, (_, n) => bus.publish(news(n)).id);
      const since = bus.lastId - back;
      const missed = bus.since(since);
      if (missed) expect(missed.map(({ id }) => id)).toEqual(ids.filter((id) => id > since));
      else expect(back).toBeGreaterThan(Math.min(count, keep));
    }),
  );
});

test('an id from before a restart reads as a gap, never as another run’s event', async () => {
  const clock = new FakeClock();
  const first = new EventBus(clock);
  for (let n = 0; n < 50; n += 1) first.publish(news(n));
  await clock.advance(1000);
  const second = new EventBus(clock);
  second.publish(news(0));
  expect(second.since(first.lastId)).toBeUndefined();
  expect(second.since(second.lastId)).toEqual([]);
});

test('a listener that fails does not keep the others from hearing', () => {
  const errors: unknown[] = [];
  const bus = new EventBus(new FakeClock(), { onError: (error) => errors.push(error) });
  const heard: number[] = [];
  bus.subscribe(() => {
    throw new Error('broken');
  });
  const stop = bus.subscribe(({ id }) => heard.push(id));
  bus.publish(news(1));
  stop();
  bus.publish(news(2));
  expect([errors.length, heard.length]).toEqual([2, 1]);
});

test('everybody hears events in the order of their ids, also when a listener publishes on hearing one', () => {
  const bus = new EventBus(new FakeClock());
  const heard: string[] = [];
  bus.subscribe((event) => {
    if (event.kind === 'notice.cleared' && event.noticeId === '1') for (const n of [2, 3]) bus.publish(news(n));
  });
  bus.subscribe((event) => {
    if (event.kind === 'notice.cleared') heard.push(event.noticeId);
  });
  bus.publish(news(1));
  expect(heard).toEqual(['1', '2', '3']);
  bus.publish(news(4));
  expect(heard.at(-1)).toBe('4');
});
