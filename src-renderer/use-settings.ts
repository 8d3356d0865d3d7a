import { useState } from 'react';
import type { Config } from '../src-main/contract/config.ts';
import type { SettingValue, SettingsView } from '../src-main/contract/settings-views.ts';
import { callControl, ControlError } from './control-client.ts';
import { useAnswer } from './use-answer.ts';

export interface Settings {
  view: SettingsView | undefined;
  error: ControlError | null;
  reload: () => void;
  /** Rejects with a ControlError when it is refused. */
  save: (section: keyof Config, change: Record<string, SettingValue>) => Promise<void>;
  /** False after a change that ends with the process. */
  kept: boolean;
}

/** All settings, and the way to change them. */
export function useSettings(revision: number): Settings {
  const { answer: view, error, set, reload } = useAnswer('settings', {}, revision);
  const [kept, setKept] = useState(true);
  const save = async (section: keyof Config, change: Record<string, SettingValue>) => {
    try {
      const { kept: isKept, ...changed } = await callControl('setSettings', { section, change });
      set(changed);
      setKept(isKept);
    } catch (thrown) {
      throw ControlError.from(thrown);
    }
  };
  return { view, error, reload, save, kept };
}
