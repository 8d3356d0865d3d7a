import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import {
  type ControlInput,
  type ControlMethod,
  type ControlOutput,
  controlInputs,
} from '../../../src-main/contract/control.ts';
import type { CallView, Outcome } from '../../../src-main/contract/views.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import { recordSteps } from '../../../src-main/control/record-schema.ts';
import { CallFeed, type CallFeedView } from '../../../src-renderer/call-feed.ts';
import { callAt, countOf } from '../../../src-renderer/call-list.ts';
import type { CallFilter } from '../../../src-renderer/call-query.ts';
import { type callControl, ControlError } from '../../../src-renderer/control-client.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runningCall } from '../../helpers/sample-views.ts';

/** Real records behind a feed, and the newest calls as a page has them. */
class Desk {
  readonly clock = new FakeClock();
  readonly bus = new EventBus(this.clock);
  readonly #database = new DatabaseSync(':memory:');
  readonly history: CallHistory;
  readonly #feed: CallFeed;
  #live: CallView[] = [];
  #count = 0;
  view: CallFeedView = { list: undefined, error: null };
  broken = false;
  asked = 0;

  readonly filter: CallFilter;

  constructor(filter: CallFilter) {
    this.filter = filter;
    for (const sql of recordSteps) this.#database.exec(sql);
    this.history = new CallHistory({
      database: this.#database,
      bus: this.bus,
      clock: this.clock,
      log: silentLog(),
      notices: { raise: () => {}, clear: () => {} },
      settings: { days: 30, calls: 1_000_000 },
    });
    this.#feed = new CallFeed(filter, (view) => (this.view = view), this.#ask);
  }

  readonly #ask: typeof callControl = async <M extends ControlMethod>(method: M, input: ControlInput<M>) => {
    this.asked += 1;
    if (this.broken) throw new ControlError(null, { zh: '断了', en: 'gone' });
    await Promise.resolve();
    const answer =
      method === 'calls'
        ? this.history.calls(controlInputs.calls.parse(input))
        : { counts: this.history.counts(controlInputs.callCounts.parse(input)) };
    return answer as ControlOutput<M>;
  };

  begin(change: Partial<CallView> = {}): CallView {
    this.#count += 1;
    const call = runningCall({ id: `call_${this.#count}`, startedAt: this.clock.now(), ...change });
    this.bus.publish({ kind: 'call.started', call });
    this.#live = [call, ...this.#live].slice(0, 200);
    return call;
  }

  end(call: CallView, outcome: Outcome): void {
    const fault = outcome === 'error' ? 'timeout' : null;
    const ended: CallView = { ...call, outcome, fault, ms: 1 };
    this.bus.publish({ kind: 'call.finished', call: ended });
    this.#live = this.#live.map((other) => (other.id === call.id ? ended : other));
  }

  /** The page draws. */
  draw(): void {
    this.#feed.follow(this.#live);
  }

  /** The page was away: it has only the newest. */
  reconnect(): void {
    this.#live = this.history.calls({ limit: 100 }).calls;
    this.draw();
  }

  look(first: number, last: number): void {
    this.#feed.look(first, last);
  }

  /** What stands at these places. */
  places(first: number, last: number): (string | undefined)[] {
    const { list } = this.view;
    if (!list) return [];
    const end = Math.min(last, countOf(list) - 1);
    return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => callAt(list, first + index)?.id);
  }

  recorded(first: number, last: number): string[] {
    const filter = { ...this.filter, offset: first, limit: last - first + 1 };
    return this.history.calls(filter).calls.map(({ id }) => id);
  }

  close(): void {
    this.#feed.stop();
    this.history.close();
    this.#database.close();
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(5000);

describe('the calls on the page', () => {
  it('are read where one looks, not one by one from the top', async () => {
    const desk = new Desk({});
    for (let call = 0; call < 5000; call += 1) {
      desk.end(desk.begin(), 'ok');
      await desk.clock.advance(7);
    }
    desk.draw();
    await settle();
    desk.look(4970, 4999);
    await settle();
    expect(desk.places(4970, 4999)).toEqual(desk.recorded(4970, 4999));
    expect(desk.places(4970, 4999)).toHaveLength(30);
    expect(desk.asked).toBeLessThan(6);
    desk.close();
  });

  it('are there again when the gateway answers again', async () => {
    const desk = new Desk({});
    for (let call = 0; call < 900; call += 1) {
      desk.end(desk.begin(), 'ok');
      await desk.clock.advance(1);
    }
    desk.draw();
    await settle();
    desk.broken = true;
    desk.look(800, 830);
    await settle();
    expect(desk.view.error?.code).toBeNull();
    expect(desk.places(0, 3)).toEqual(desk.recorded(0, 3));
    desk.broken = false;
    await settle();
    expect(desk.view.error).toBeNull();
    expect(desk.places(800, 830)).toEqual(desk.recorded(800, 830));
    desk.close();
  });

  it('say how a long call ended, even after hundreds of others', async () => {
    const desk = new Desk({});
    const long = desk.begin();
    desk.draw();
    await settle();
    for (let call = 0; call < 300; call += 1) {
      await desk.clock.advance(10);
      desk.end(desk.begin(), 'ok');
      desk.draw();
    }
    desk.look(280, 300);
    desk.end(long, 'error');
    await settle();
    expect(desk.view.list && callAt(desk.view.list, 300)).toMatchObject({ id: long.id, outcome: 'error' });
    desk.close();
  });

  it('that match a text in words of a fault appear by themselves', async () => {
    const desk = new Desk({ text: '等待超时' });
    desk.draw();
    await settle();
    expect(desk.places(0, 9)).toEqual([]);
    desk.end(desk.begin(), 'ok');
    const late = desk.begin();
    desk.end(late, 'error');
    desk.draw();
    await settle();
    expect(desk.places(0, 9)).toEqual([late.id]);
    desk.close();
  });
});

const outcome = fc.constantFrom<Outcome>('ok', 'error', 'refused');
const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ begin: fc.constantFrom('a', 'b'), wait: fc.nat(3), end: fc.option(outcome) }) },
  { weight: 2, arbitrary: fc.record({ endOne: fc.nat(5), as: outcome }) },
  { weight: 1, arbitrary: fc.record({ burst: fc.integer({ min: 20, max: 180 }) }) },
  { weight: 2, arbitrary: fc.record({ look: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.constant({ away: true }) },
  { weight: 1, arbitrary: fc.constant({ settle: true }) },
);
const anyFilter = fc.constantFrom<CallFilter>(
  {},
  { tool: 'a' },
  { outcome: 'error' },
  { tool: 'b', outcome: 'ok' },
  { text: 'timed out' },
);

describe('whatever happens meanwhile', () => {
  it('the page shows in the end what a fresh look at the records shows', async () => {
    const property = fc.asyncProperty(
      anyFilter,
      fc.array(anyStep, { maxLength: 60, size: 'max' }),
      async (filter, steps) => {
        const desk = new Desk(filter);
        const running: CallView[] = [];
        let near = 0;
        for (const step of steps) {
          if ('begin' in step) {
            await desk.clock.advance(step.wait);
            const call = desk.begin({ tool: step.begin });
            if (step.end) desk.end(call, step.end);
            else running.push(call);
          } else if ('endOne' in step) {
            const [call] = running.splice(step.endOne % Math.max(1, running.length), 1);
            if (call) desk.end(call, step.as);
          } else if ('burst' in step) {
            for (let call = 0; call < step.burst; call += 1) {
              if (call % 3 === 0) await desk.clock.advance(1);
              desk.end(desk.begin({ tool: call % 2 ? 'a' : 'b' }), call % 5 ? 'ok' : 'error');
              if (call % 40 === 0) desk.draw();
            }
          } else if ('look' in step) {
            near = step.look;
            desk.look(near, near + 30);
          } else if ('away' in step) desk.reconnect();
          else await settle();
          desk.draw();
        }
        for (const call of running) desk.end(call, 'ok');
        desk.draw();
        await settle();
        await settle();
        expect(desk.view.list && countOf(desk.view.list)).toBe(desk.history.counts(filter).total);
        expect(desk.places(near, near + 30)).toEqual(desk.recorded(near, near + 30));
        desk.look(0, 30);
        await settle();
        expect(desk.places(0, 30)).toEqual(desk.recorded(0, 30));
        desk.close();
      },
    );
    await fc.assert(property, { numRuns: 80 });
  });
});
