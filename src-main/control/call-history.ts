import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import type { Config } from '../contract/config.ts';
import type { StampedEvent } from '../contract/events.ts';
import type {
  CallCountsView,
  LatencyPointView,
  LimitPointView,
  RecordedLimitHit,
  SeriesView,
  TimelineView,
} from '../contract/record-views.ts';
import type { ActivityView, CallView, SessionRecordView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { ActivityReader, type ActivityRange } from './activity-reader.ts';
import type { CallConditions, CallFilter } from './call-conditions.ts';
import { addToBatch, batchSize, emptyBatch, trimBatch } from './record-batch.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';

export interface CallHistoryParts {
  /** Opened with `recordSteps`; whoever opened it closes it, after `close`. */
  database: DatabaseSync;
  bus: EventBus;
  clock: Clock;
  notices: Pick<Notices, 'raise' | 'clear'>;
  log: Log;
  settings: Config['records'];
}

const writeEveryMs = 100;
const writeAtRows = 200;
const retryAfterMs = 5000;
const keepUnwritten = 10_000;
const pruneEveryMs = 60 * 60_000;
const pruneAgainMs = 50;
const day = 24 * 60 * 60_000;

/**
 * Sessions, calls and limit hits, kept in SQLite. It is a fold over the events: an event costs a map entry, and what
 * has gathered is written in one transaction. A disk that cannot be written costs a notice, never a call.
 */
export class CallHistory {
  readonly #parts: CallHistoryParts;
  readonly #writer: RecordWriter;
  readonly #reader: RecordReader;
  readonly #activity: ActivityReader;
  readonly #stops: (() => void)[];
  #batch = emptyBatch();
  #write: { inMs: number; cancel: () => void } | undefined;
  #cancelPrune: (() => void) | undefined;
  #unwritable = false;

  constructor(parts: CallHistoryParts) {
    this.#parts = parts;
    this.#writer = new RecordWriter(parts.database);
    this.#reader = new RecordReader(parts.database);
    this.#activity = new ActivityReader(parts.database);
    this.#try('records.unwritable', () => this.#writer.endInterruptedCalls());
    this.#prune();
    this.#stops = [
      parts.clock.every(pruneEveryMs, () => this.#prune()),
      parts.bus.subscribe((event) => this.#record(event)),
    ];
  }

  calls(filter: CallFilter): { calls: CallView[]; next: string | null } {
    return this.#read((reader) => reader.calls(filter), { calls: [], next: null });
  }

  counts(conditions: CallConditions): CallCountsView {
    return this.#read((reader) => reader.counts(conditions), noCounts);
  }

  /** Names of tools or clients that are in the records. */
  names(column: 'tool' | 'client'): string[] {
    return this.#read((reader) => reader.names(column), []);
  }

  timeline(sessionId: string): TimelineView {
    const nothing = { session: null, calls: [], limitHits: [], more: false };
    return this.#read((reader) => reader.timeline(sessionId), nothing);
  }

  /** The last seen first, open ones included. */
  sessions(limit: number): SessionRecordView[] {
    return this.#read((reader) => reader.sessions(limit), []);
  }

  /** The newest first. */
  limitHits(from: number, limit: number): RecordedLimitHit[] {
    return this.#read((reader) => reader.limitHits(from, limit), []);
  }

  activity(from: number): ActivityView[] {
    return this.#read((reader) => reader.activity(from), []);
  }

  /** The same as `calls`, but throws `storage` where the records cannot be read. */
  callsOrFail(filter: CallFilter): { calls: CallView[]; next: string | null } {
    return this.#demand(() => this.#reader.calls(filter));
  }

  /** Calls and how long they took. Rejects with `storage` where the records cannot be read. */
  async latency(range: ActivityRange): Promise<SeriesView<LatencyPointView>> {
    const { clock } = this.#parts;
    return this.#demand(() => this.#activity.latency(range, clock.now())).catch((cause: unknown) => {
      throw unreadable(cause);
    });
  }

  limitSeries(range: ActivityRange): SeriesView<LimitPointView> {
    const { clock } = this.#parts;
    return this.#demand(() => this.#activity.limitHits(range, clock.now()));
  }

  /** Retention was changed: it holds at once. */
  retain(): void {
    this.#cancelPrune?.();
    this.#prune();
  }

  /** Writes what has gathered. What cannot be written now is tried again by itself. */
  flush(): void {
    this.#write?.cancel();
    this.#write = undefined;
    if (batchSize(this.#batch) === 0) return;
    this.#unwritable = !this.#try('records.unwritable', () => {
      this.#writer.write(this.#batch);
      this.#batch = emptyBatch();
    });
    if (this.#unwritable) this.#writeIn(retryAfterMs);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#cancelPrune?.();
    this.flush();
    this.#write?.cancel();
  }

  #record(event: StampedEvent): void {
    addToBatch(this.#batch, event);
    const rows = batchSize(this.#batch);
    if (this.#unwritable) trimBatch(this.#batch, keepUnwritten);
    else if (rows >= writeAtRows) this.#writeIn(0);
    else if (rows > 0) this.#writeIn(writeEveryMs);
  }

  /** Writes after `ms`, or sooner where that was planned already. */
  #writeIn(ms: number): void {
    if (this.#write && this.#write.inMs <= ms) return;
    this.#write?.cancel();
    this.#write = { inMs: ms, cancel: this.#parts.clock.after(ms, () => this.flush()) };
  }

  #prune(): void {
    const { clock, settings } = this.#parts;
    let more = false;
    this.#try('records.unwritable', () => {
      more = this.#writer.prune(clock.now() - settings.days * day, settings.calls);
    });
    if (more) this.#cancelPrune = clock.after(pruneAgainMs, () => this.#prune());
  }

  /** What was recorded a moment ago is part of every answer. */
  #read<T>(question: (reader: RecordReader) => T, otherwise: T): T {
    this.flush();
    let answer = otherwise;
    this.#try('records.unreadable', () => {
      answer = question(this.#reader);
    });
    return answer;
  }

  #demand<T>(question: () => T): T {
    this.flush();
    try {
      return question();
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  #try(noticeId: 'records.unwritable' | 'records.unreadable', work: () => void): boolean {
    const { notices, log } = this.#parts;
    try {
      work();
      notices.clear(noticeId);
      return true;
    } catch (error) {
      log.warn({ err: error }, noticeId);
      notices.raise(noticeId, 'warning', failingWords);
      return false;
    }
  }
}

const noCounts: CallCountsView = {
  total: 0,
  byOutcome: { ok: 0, error: 0, refused: 0, canceled: 0, unknown: 0 },
};

function unreadable(cause: unknown): Fault {
  return new Fault('storage', { cause, words: failingWords });
}

const failingWords: Words = {
  zh: '历史记录暂时无法读写（磁盘已满、只读或文件损坏）。网关照常工作；请检查数据目录，若仍不恢复请重启。',
  en: 'The history cannot be read or written (disk full, read-only or a damaged file). The gateway goes on working; check the data folder, and restart if this stays.',
};
