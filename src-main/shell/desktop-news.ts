import type { Notification } from 'electron';
import type { Language, Words } from '../contract/words.ts';
import type { ElectronApi } from './electron-api.ts';
import type { Tiding } from './tidings.ts';

export interface DesktopNewsParts {
  electron: Pick<ElectronApi, 'Notification'>;
  language(): Language;
  onClick(tiding: Tiding): void;
}

/** Native notifications. One that stays unseen says nothing that the tray does not say too. */
export class DesktopNews {
  readonly #parts: DesktopNewsParts;
  /** A notification that is collected loses its click. */
  readonly #shown = new Set<Notification>();

  constructor(parts: DesktopNewsParts) {
    this.#parts = parts;
  }

  tell(tiding: Tiding): void {
    const { electron, language, onClick } = this.#parts;
    if (!electron.Notification.isSupported()) return;
    const say = (words: Words) => words[language()];
    const notification = new electron.Notification({ title: say(tiding.title), body: say(tiding.body) });
    this.#shown.add(notification);
    notification.once('click', () => onClick(tiding));
    notification.once('close', () => this.#shown.delete(notification));
    notification.show();
  }
}
