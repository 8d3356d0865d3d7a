import type { ControlEvent, Snapshot } from '../src-main/contract/control.ts';
import { callControl, ControlError, followEvents } from './control-client.ts';
import { applyEvent } from './gateway-state.ts';

export type GatewayView =
  | { status: 'loading' }
  /** Nothing is known: it never answered, or it does not let this page in. */
  | { status: 'failed'; error: ControlError }
  | { status: 'live'; snapshot: Snapshot; revision: number }
  /** What is shown was true when the connection broke. */
  | { status: 'stale'; snapshot: Snapshot; revision: number; since: number };

/** Events of a burst are shown together: a page that draws a hundred times a second helps nobody. */
const drawEveryMs = 100;
const retryMs = 2000;

/** Keeps a picture of the gateway up to date until the returned function is called. */
export function followGateway(show: (view: GatewayView) => void): () => void {
  const feed = new Feed(show);
  feed.start();
  return () => feed.stop();
}

class Feed {
  readonly #show: (view: GatewayView) => void;
  #snapshot: Snapshot | undefined;
  #staleSince: number | undefined;
  /** Grows when settings or tools may have changed, which a snapshot does not hold: ask for them again. */
  #revision = 0;
  #waiting: ControlEvent[] = [];
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #loading: ReturnType<typeof setTimeout> | undefined;
  #unfollow: () => void = () => {};
  #stopped = false;

  constructor(show: (view: GatewayView) => void) {
    this.#show = show;
  }

  start(): void {
    void this.#load();
  }

  stop(): void {
    this.#stopped = true;
    this.#unfollow();
    clearTimeout(this.#drawing);
    clearTimeout(this.#loading);
  }

  async #load(): Promise<void> {
    try {
      const snapshot = await callControl('snapshot', {});
      if (!this.#stopped) this.#begin(snapshot);
    } catch (thrown) {
      if (!this.#stopped) this.#failed(ControlError.from(thrown));
    }
  }

  #begin(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#revision += 1;
    this.#waiting = [];
    this.#staleSince = undefined;
    this.#draw();
    this.#unfollow = followEvents(snapshot.lastEventId, {
      event: (event) => this.#add(event),
      open: () => this.#setStale(false),
      lost: () => this.#setStale(true),
      ended: (reason) => {
        if (reason === 'refused') this.#setStale(true);
        this.#loadIn(reason === 'gap' ? 0 : retryMs);
      },
    });
  }

  #failed(error: ControlError): void {
    if (error.code === 'key_required') this.#snapshot = undefined;
    if (this.#snapshot) this.#setStale(true);
    else this.#show({ status: 'failed', error });
    this.#loadIn(retryMs);
  }

  #loadIn(ms: number): void {
    clearTimeout(this.#loading);
    this.#loading = setTimeout(() => void this.#load(), ms);
  }

  #add(event: ControlEvent): void {
    this.#waiting.push(event);
    if (event.kind === 'settings.changed') this.#revision += 1;
    this.#drawing ??= setTimeout(() => this.#draw(), drawEveryMs);
  }

  #setStale(stale: boolean): void {
    if (stale === (this.#staleSince !== undefined)) return;
    this.#staleSince = stale ? Date.now() : undefined;
    this.#draw();
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    if (!this.#snapshot) return;
    const snapshot = this.#waiting.reduce(applyEvent, this.#snapshot);
    this.#waiting = [];
    this.#snapshot = snapshot;
    const [since, revision] = [this.#staleSince, this.#revision];
    this.#show(
      since === undefined ? { status: 'live', snapshot, revision } : { status: 'stale', snapshot, revision, since },
    );
  }
}
