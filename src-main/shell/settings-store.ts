import ElectronStore from 'electron-store';
import type { DesktopSettingsValues, SettingsStore } from './desktop-settings.ts';

/** The file `<cwd>/<name>.json`, written atomically and for its owner alone. */
export function openSettingsStore(options: { cwd: string; name: string }): SettingsStore {
  const store = new ElectronStore<DesktopSettingsValues>({
    ...options,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
  return { store: store.store, set: (change) => store.set(change) };
}
