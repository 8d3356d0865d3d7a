import type { NoticeView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import type { EventBus } from './event-bus.ts';

/** What a person should know until it is over. Raising one that stands already changes nothing. */
export class Notices {
  readonly #bus: EventBus;
  readonly #now: () => number;
  readonly #standing = new Map<string, NoticeView>();

  constructor(bus: EventBus, now: () => number) {
    this.#bus = bus;
    this.#now = now;
  }

  raise(id: string, level: NoticeView['level'], words: Words, accountId?: string): void {
    if (this.#standing.has(id)) return;
    const notice = { id, level, words, since: this.#now(), ...(accountId !== undefined && { accountId }) };
    this.#standing.set(id, notice);
    this.#bus.publish({ kind: 'notice.raised', notice });
  }

  clear(id: string): void {
    if (this.#standing.delete(id)) this.#bus.publish({ kind: 'notice.cleared', noticeId: id });
  }

  standing(): NoticeView[] {
    return [...this.#standing.values()];
  }
}
