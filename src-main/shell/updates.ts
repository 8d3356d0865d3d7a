import type { Clock } from '../base/clock.ts';

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  logger: unknown;
  on(event: 'update-downloaded', listener: (info: { version: string }) => void): unknown;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(): void;
}

export interface UpdateParts {
  clock: Pick<Clock, 'after' | 'every'>;
  isOn(): boolean;
  /** Opened at the first check, and never while updates are off. */
  openUpdater(): Promise<Updater>;
  /** A version is downloaded and waits to be installed. */
  onReady(version: string): void;
}

const firstMs = 10_000;
const everyMs = 4 * 60 * 60_000;

/** Looks for updates where a person asked for it. Installs one only when told: a gateway does not restart by itself. */
export class Updates {
  readonly #parts: UpdateParts;
  readonly #timers: (() => void)[];
  #updater: Promise<Updater> | undefined;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    this.#timers = [
      parts.clock.after(firstMs, () => void this.check()),
      parts.clock.every(everyMs, () => void this.check()),
    ];
  }

  async check(): Promise<void> {
    if (!this.#parts.isOn()) return;
    try {
      await (await this.#open()).checkForUpdates();
    } catch {
      // Offline, or the place of updates is: the next check is soon enough.
    }
  }

  async install(): Promise<void> {
    (await this.#open()).quitAndInstall();
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
  }

  #open(): Promise<Updater> {
    this.#updater ??= this.#parts.openUpdater().then((updater) => {
      updater.autoDownload = true;
      updater.autoInstallOnAppQuit = false;
      updater.logger = null;
      updater.on('update-downloaded', ({ version }) => this.#parts.onReady(version));
      return updater;
    });
    return this.#updater;
  }
}
