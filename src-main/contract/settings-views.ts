import { z } from 'zod';
import { configSchema } from './config.ts';
import type { Config } from './config.ts';
import type { Words } from './words.ts';

/** A value of the settings: what JSON can say. Null stands for a setting that is not set. */
export type SettingValue = string | number | boolean | null | SettingValue[];

/** One field of the settings. */
export interface SettingView {
  section: keyof Config;
  name: string;
  /** What is wanted: it holds now, or after a restart while `pending`. */
  value: SettingValue;
  /** What holds in the running gateway. */
  running: SettingValue;
  default: SettingValue;
  type: 'boolean' | 'integer' | 'text' | 'url' | 'choice' | 'list';
  /** Of a `choice`. */
  choices: string[] | null;
  /** Of an `integer`; null where there is no bound. */
  min: number | null;
  max: number | null;
  /** Whether a change is in effect at once or after a restart. */
  applies: 'now' | 'restart';
  /** Changed since the gateway started. */
  changed: boolean;
  /** Changed, and in effect after a restart only. */
  pending: boolean;
}

export interface SettingsView {
  /** In the order of the schema. */
  fields: SettingView[];
  /** Some field is pending. */
  restartNeeded: boolean;
}

/** One thing that is wrong with a field; `details.problems` of a `config_invalid` fault is a list of these. */
export interface SettingProblem {
  /** Such as `limits.perSession`. */
  path: string;
  words: Words;
}

export interface PortHolderView {
  port: number;
  /** `self`: this gateway listens there. */
  state: 'free' | 'self' | 'taken';
  /** Null when nobody listens there, or the system does not say who. */
  holder: { pid: number; name: string } | null;
  /** The next port that is free, when this one is taken. */
  nextFree: number | null;
}

export interface AboutView {
  version: string;
  node: string;
  /** Null outside the desktop app. */
  electron: string | null;
  sqlite: string;
  platform: string;
  arch: string;
  startedAt: number;
  dataFolder: string;
  /** The embedded official definitions of Feishu's tools. */
  definitions: { name: string; version: string; tools: number };
}

/** Control methods of the Settings and About pages; spread into `controlInputs`. */
export const settingsInputs = {
  settings: z.strictObject({}),
  /** Changes fields of one section; null puts a field back to its default. All of `change` is kept, or nothing. */
  setSettings: z.strictObject({
    section: configSchema.keyof(),
    change: z.record(z.string().max(100), z.unknown()),
  }),
  /** Who listens on a port of this machine. */
  portHolder: z.strictObject({ port: z.int().min(1).max(65535) }),
  about: z.strictObject({}),
  /** Everything that helps to find a fault, as one JSON text without secrets; to be looked at before it is sent. */
  supportBundle: z.strictObject({}),
} as const;

export interface SettingsOutputs {
  settings: SettingsView;
  /** `kept` is false when nothing remembers it beyond this process. */
  setSettings: SettingsView & { kept: boolean };
  portHolder: PortHolderView;
  about: AboutView;
  supportBundle: { filename: string; text: string };
}
