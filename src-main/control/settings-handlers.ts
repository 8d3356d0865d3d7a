import type { PortHolderView, AboutView } from '../contract/settings-views.ts';
import type { Handlers } from './handlers.ts';
import type { LiveSettings } from './live-settings.ts';

export interface SettingsParts {
  settings: LiveSettings;
  portHolder(port: number): Promise<PortHolderView>;
  about(): AboutView;
}

type SettingsMethod = 'settings' | 'setSettings' | 'portHolder' | 'about';

/** The settings, and the machine and program that they are for. */
export function settingsHandlers({ settings, portHolder, about }: SettingsParts): Pick<Handlers, SettingsMethod> {
  return {
    settings: () => settings.view(),
    setSettings: async ({ section, change }) => {
      const kept = await settings.change(section, change);
      return { ...settings.view(), kept };
    },
    portHolder: ({ port }) => portHolder(port),
    about,
  };
}
