import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { makePrivateFolder, readText, setAside } from '../base/files.ts';

const windowPlace = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});

export type WindowPlace = z.infer<typeof windowPlace>;

/** What the desktop app remembers. Nothing in it is secret. */
const desktopSettings = z.object({
  language: z.enum(['system', 'zh', 'en']).default('system'),
  /** Closing the window leaves the gateway running in the tray. */
  closeToTray: z.boolean().default(true),
  signInWith: z.enum(['window', 'browser']).default('window'),
  updates: z.boolean().default(false),
  /** A person agreed that the master key lies in a file, because the machine has no keychain. */
  plainKeyAccepted: z.boolean().default(false),
  window: windowPlace.nullable().default(null),
});

export type DesktopSettingsValues = z.infer<typeof desktopSettings>;

/** What is used of an electron-store. */
export interface SettingsStore {
  readonly store: unknown;
  set(change: Partial<DesktopSettingsValues>): void;
}

const storeName = 'desktop';

export interface DesktopSettingsParts {
  folder: string;
  clock: Pick<Clock, 'now'>;
  openStore(options: { cwd: string; name: string }): SettingsStore;
}

/** Settings of the desktop app, in a file of their own beside the gateway's data. */
export class DesktopSettings {
  readonly #store: SettingsStore;
  #values: DesktopSettingsValues;
  /** Where a file that could not be understood was put. */
  readonly brokenFile: string | null;

  private constructor(store: SettingsStore, brokenFile: string | null) {
    this.#store = store;
    this.brokenFile = brokenFile;
    this.#values = desktopSettings.parse(store.store);
  }

  /** A broken file is kept aside before the store, which would overwrite it, sees it. */
  static async open({ folder, clock, openStore }: DesktopSettingsParts): Promise<DesktopSettings> {
    await makePrivateFolder(folder);
    const path = join(folder, `${storeName}.json`);
    const text = await readText(path);
    const broken = text !== undefined && !isUsable(text);
    const brokenFile = broken ? await setAside(path, 'corrupt', clock.now()) : null;
    return new DesktopSettings(openStore({ cwd: folder, name: storeName }), brokenFile);
  }

  get values(): Readonly<DesktopSettingsValues> {
    return this.#values;
  }

  set(change: Partial<DesktopSettingsValues>): void {
    this.#values = { ...this.#values, ...change };
    this.#store.set(change);
  }
}

function isUsable(text: string): boolean {
  try {
    return desktopSettings.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
