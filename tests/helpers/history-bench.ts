import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../src-main/base/database.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { controlInputs } from '../../src-main/contract/control.ts';
import { CallHistory } from '../../src-main/control/call-history.ts';
import type { CallFilter } from '../../src-main/control/call-conditions.ts';
import { recordSteps } from '../../src-main/control/record-schema.ts';
import { FakeClock } from './fake-clock.ts';
import { runningCall, sampleCall } from './sample-views.ts';

/** Records in a file of their own, fed by events as a gateway would feed them. */
export class HistoryBench {
  readonly clock = new FakeClock();
  readonly file: string;
  bus: EventBus;
  notices: Notices;
  database!: DatabaseSync;
  history!: CallHistory;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'records.db');
    this.bus = new EventBus(this.clock, {
      onError: (error) => {
        throw error;
      },
    });
    this.notices = new Notices(this.bus, () => this.clock.now());
  }

  static async open(): Promise<HistoryBench> {
    const bench = new HistoryBench(await mkdtemp(join(tmpdir(), 'larkgate-history-')));
    await bench.start();
    return bench;
  }

  async start(settings = { days: 30, calls: 200_000 }): Promise<void> {
    const { bus, clock, notices } = this;
    this.database = await openDatabase(this.file, { steps: recordSteps, clock, notices });
    this.history = new CallHistory({ database: this.database, bus, clock, notices, settings, log: silentLog() });
  }

  stop(): void {
    this.history.close();
    this.database.close();
  }

  /** As a killed process: what was written stays, nothing more is. */
  async kill(): Promise<void> {
    this.database.close();
    this.bus = new EventBus(this.clock);
    this.notices = new Notices(this.bus, () => this.clock.now());
    await this.start();
  }

  /** A call from its start to its end. */
  finish(id: string, change: Parameters<typeof sampleCall>[0] = {}): void {
    const startedAt = this.clock.now();
    this.bus.publish({ kind: 'call.started', call: runningCall({ startedAt, ...change, id, outcome: null }) });
    this.bus.publish({ kind: 'call.finished', call: sampleCall({ startedAt, ...change, id }) });
  }

  ids(change: Partial<CallFilter> = {}): string[] {
    return this.history.calls(filter(change)).calls.map((call) => call.id);
  }

  noticeIds(): string[] {
    return this.notices.standing().map((notice) => notice.id);
  }

  async close(): Promise<void> {
    this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export function filter(change: Partial<CallFilter> = {}): CallFilter {
  return controlInputs.calls.parse(change);
}
