import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from './app.ts';
import { Fault } from './base/fault.ts';
import type { Host } from './base/host.ts';
import { bridgeCommand } from './command/local-connections.ts';
import { Connections } from './connect/connections.ts';
import type { Machine } from './connect/machine.ts';
import type { SettingsFile } from './base/settings-file.ts';
import { type Config, configSchema } from './contract/config.ts';
import { type ConnectorSecrets, connectorsFromEnvironment } from './contract/connectors-config.ts';
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
    connectorSecrets: connectorsOf(settings),
    folders: { catalog: built('catalog'), dashboard: built('dashboard') },
    connections: (base) =>
      new Connections({
        ...base,
        machine: thisMachine(),
        bridge: (kind) =>
          bridgeCommand(kind, { runtime: process.execPath, programFolder, dataFolder: host.dataFolder }),
        bundle: built('larkgate.mcpb'),
      }),
    renewer: createChildRenewer(built('renew-worker.mjs'), settings),
    keepSettings: async (section, change) => void (await file.merge(section, change)),
  });
}

/** Whose clients are connected: those of the person who runs this program. */
export function thisMachine(): Machine {
  return { platform: process.platform, home: homedir(), environment: process.env };
}

/** Puts the environment's app id into the settings and returns its secret, where they are given. */
export function appFromEnvironment(settings: Config): string | undefined {
  const { FEISHU_APP_ID: id, FEISHU_APP_SECRET: secret } = process.env;
  if (id) settings.lark.appId = id.trim();
  return secret ? secret.trim() : undefined;
}

/** Puts what the environment says about connectors into the settings and returns their secrets. */
function connectorsOf(settings: Config): ConnectorSecrets {
  const { dingtalk, psm, secrets } = connectorsFromEnvironment(process.env);
  const given = { dingtalk: { ...settings.dingtalk, ...dingtalk }, psm: { ...settings.psm, ...psm } };
  const checked = configSchema.safeParse(given);
  if (!checked.success) throw wrongEnvironment(checked.error.issues.map(({ path }) => path.join('.')));
  Object.assign(settings, { dingtalk: checked.data.dingtalk, psm: checked.data.psm });
  return secrets;
}

/** The fields are named, the values are not: one may be a secret in the wrong place. */
function wrongEnvironment(fields: string[]): Fault {
  const list = fields.join(', ');
  return new Fault('config_invalid', {
    words: {
      zh: `环境变量中的连接器设置不正确：${list}。请改正或去掉后重启。`,
      en: `The environment has wrong connector settings: ${list}. Correct or remove them and start again.`,
    },
    details: { fields },
  });
}

/** What the build puts beside the program. When the sources run as they are, it is found under dist. */
function findBuilt(programFolder: string, name: string): string {
  const beside = join(programFolder, name);
  return existsSync(beside) ? beside : join(programFolder, '..', 'dist', name);
}
