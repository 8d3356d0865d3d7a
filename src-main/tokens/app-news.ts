import type { EventBus } from '../base/event-bus.ts';
import type { AppView } from '../contract/views.ts';
import { appViews } from './apps.ts';
import type { VaultState } from './vault-file.ts';

/** Tells what became of the apps, whoever changed them: the only publisher of app events. */
export class AppNews {
  readonly #bus: EventBus;
  #told: Map<string, string>;

  constructor(bus: EventBus, state: VaultState) {
    this.#bus = bus;
    this.#told = textOf(appViews(state));
  }

  publish(state: VaultState): void {
    const views = appViews(state);
    const before = this.#told;
    this.#told = textOf(views);
    for (const app of views) {
      if (before.get(app.id) !== this.#told.get(app.id)) this.#bus.publish({ kind: 'app.changed', app });
    }
    for (const appId of before.keys()) {
      if (!this.#told.has(appId)) this.#bus.publish({ kind: 'app.removed', appId });
    }
  }
}

function textOf(views: AppView[]): Map<string, string> {
  return new Map(views.map((view) => [view.id, JSON.stringify(view)]));
}
