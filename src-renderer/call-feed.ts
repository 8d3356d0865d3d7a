import type { CallView } from '../src-main/contract/views.ts';
import { beginList, type CallList, catchUp, countOf, hasLostSight, missingIn, placeRows } from './call-list.ts';
import type { CallFilter } from './call-query.ts';
import { callControl, ControlError } from './control-client.ts';

export interface CallFeedView {
  /** Undefined until the first answer. */
  list: CallList | undefined;
  /** Why the last question was not answered. */
  error: ControlError | null;
}

const readAgainMs = 2000;
const lookAgainMs = 5000;
const waitMs = 20;

/** Keeps a list of calls true: reads what is looked at, follows what begins, and starts over when it missed something. */
export class CallFeed {
  readonly #filter: CallFilter;
  readonly #show: (view: CallFeedView) => void;
  readonly #ask: typeof callControl;
  readonly #stop = new AbortController();
  #view: CallFeedView = { list: undefined, error: null };
  #live: CallView[] = [];
  #near: [number, number] = [0, 30];
  #reading = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(filter: CallFilter, show: (view: CallFeedView) => void, ask = callControl) {
    this.#filter = filter;
    this.#show = show;
    this.#ask = ask;
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#later);
  }

  /** Takes the newest calls of the gateway. */
  follow(live: CallView[]): void {
    const isSame = live === this.#live;
    this.#live = live;
    const { list } = this.#view;
    if (!list) return this.#later === undefined ? void this.#begin() : undefined;
    // Whether a fault's words match, the gateway alone can say.
    if (this.#filter.text !== undefined) return isSame ? undefined : this.#beginIn(readAgainMs);
    const current = catchUp(list, live, this.#filter);
    if (!current) return this.#beginIn(0);
    if (!isSame) this.#set({ list: current });
    if (!this.#view.error) void this.#fill();
    if (hasLostSight(current, live)) this.#beginIn(readAgainMs);
    // A call that the page knows nothing of may have ended this way.
    else if (!isSame && this.#filter.outcome !== undefined) this.#beginIn(lookAgainMs);
  }

  /** Says which places are on the screen. */
  look(first: number, last: number): void {
    this.#near = [first, last];
    void this.#fill();
  }

  #beginIn(ms: number): void {
    if (this.#later !== undefined && ms > 0) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      void this.#begin();
    }, ms);
  }

  /** Reads anew what is looked at. What is shown stays until it is there. */
  async #begin(): Promise<void> {
    if (this.#reading) return this.#beginIn(waitMs);
    await this.#read(async () => {
      const begun = this.#filter.text === undefined ? beginList(this.#live, this.#filter) : untold;
      const filter = this.#until(begun);
      const { counts } = await this.#ask('callCounts', filter, this.#stop.signal);
      const near = this.#nearAfter(begun.fresh.length + counts.total);
      const offset = Math.max(0, near[0] - begun.fresh.length - 50);
      const page = await this.#ask('calls', { ...filter, offset, limit: 200 }, this.#stop.signal);
      const recorded = Math.max(counts.total, page.calls.length);
      const read = placeRows({ ...begun, recorded }, offset, page.calls, near);
      // Calls went on meanwhile.
      const list = begun === untold ? read : (catchUp(read, this.#live, this.#filter) ?? read);
      const before = this.#view.list;
      const added = before ? before.added + Math.max(0, countOf(list) - countOf(before)) : 0;
      return { ...list, added };
    });
  }

  /** Where that stands which is on the screen when the list has become so long: who reads further down stays there. */
  #nearAfter(count: number): [number, number] {
    const { list } = this.#view;
    const [first, last] = this.#near;
    const added = list && first > 0 ? Math.max(0, count - countOf(list)) : 0;
    return [first + added, last + added];
  }

  async #fill(): Promise<void> {
    const { list } = this.#view;
    const missing = list && missingIn(list, ...this.#near);
    if (!list || !missing) return;
    await this.#read(async () => {
      const asked = { ...this.#until(list), ...missing };
      const { calls, next } = await this.#ask('calls', asked, this.#stop.signal);
      const current = this.#view.list ?? list;
      // What became a row in the meantime stands above what was asked for.
      const moved = list.until === current.until ? 0 : current.recorded - list.recorded;
      // Records are forgotten by their age: the end of the list comes nearer.
      const end = next === null ? missing.offset + calls.length + moved : current.recorded;
      const recorded = Math.min(current.recorded, end);
      return placeRows({ ...current, recorded }, missing.offset + moved, calls, this.#near);
    });
  }

  /** One question at a time; after it, the newest wish. */
  async #read(work: () => Promise<CallList>): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      this.#set({ list: await work(), error: null });
    } catch (thrown) {
      this.#set({ error: ControlError.from(thrown) });
      this.#beginIn(readAgainMs);
    } finally {
      this.#reading = false;
      if (!this.#view.error) void this.#fill();
    }
  }

  #until({ until }: CallList): CallFilter {
    if (until === Infinity) return this.#filter;
    return { ...this.#filter, until: Math.min(until, this.#filter.until ?? Infinity) };
  }

  #set(change: Partial<CallFeedView>): void {
    if (this.#stop.signal.aborted) return;
    this.#view = { ...this.#view, ...change };
    this.#show(this.#view);
  }
}

/** Where only the gateway knows what matches, nothing is fresh. */
const untold: CallList = { until: Infinity, fresh: [], recorded: 0, rows: new Map(), added: 0, newest: undefined };
