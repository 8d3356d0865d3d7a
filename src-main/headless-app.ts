import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, startApp } from './app.ts';
import type { Host } from './base/host.ts';
import type { SettingsFile } from './base/settings-file.ts';
import type { Config } from './contract/config.ts';
import { createChildRenewer } from './tokens/child-renewer.ts';
import { version } from './version.ts';

export interface HeadlessParts {
  host: Host;
  file: SettingsFile;
  settings: Config;
  appSecret: string | undefined;
  /** Where the running program's file is. */
  programFolder: string;
}

/** The core in plain Node, for `serve` and for commands that find no gateway running. */
export function openHeadlessApp({ host, file, settings, appSecret, programFolder }: HeadlessParts): Promise<App> {
  const built = (name: string) => findBuilt(programFolder, name);
  return startApp({
    host,
    settings,
    version,
    appSecret,
    folders: { catalog: built('catalog'), dashboard: built('dashboard') },
    renewer: createChildRenewer(built('renew-worker.mjs'), settings),
    keepSettings: async (section, change) => void (await file.merge(section, change)),
  });
}

/** Puts the environment's app id into the settings and returns its secret, where they are given. */
export function appFromEnvironment(settings: Config): string | undefined {
  const { FEISHU_APP_ID: id, FEISHU_APP_SECRET: secret } = process.env;
  if (id) settings.lark.appId = id.trim();
  return secret ? secret.trim() : undefined;
}

/** What the build puts beside the program. When the sources run as they are, it is found under dist. */
function findBuilt(programFolder: string, name: string): string {
  const beside = join(programFolder, name);
  return existsSync(beside) ? beside : join(programFolder, '..', 'dist', name);
}
