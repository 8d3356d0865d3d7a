import type { Clock } from './base/clock.ts';
import type { HttpClient } from './base/http-client.ts';
import type { Log } from './base/log.ts';
import type { Notices } from './base/notices.ts';
import type { Config } from './contract/config.ts';
import type { ConnectorSecrets } from './contract/connectors-config.ts';
import type { Connector } from './providers/connector.ts';
import { createDingtalkProvider } from './providers/dingtalk/dingtalk-provider.ts';
import { createPsmProvider } from './providers/psm/psm-provider.ts';

export interface ConnectorOptions {
  settings: Config;
  connectorSecrets?: ConnectorSecrets | undefined;
}

interface ConnectorBase {
  clock: Clock;
  log: Log;
  notices: Notices;
  http: HttpClient;
}

/** The systems besides Feishu, those of them that are switched on. */
export function openConnectors(
  { settings, connectorSecrets: secrets }: ConnectorOptions,
  base: ConnectorBase,
): Connector[] {
  const { limits, tools, dingtalk, psm } = settings;
  const common = { ...base, limits, language: tools.language };
  return [
    ...(dingtalk.enabled
      ? [createDingtalkProvider({ ...common, settings: dingtalk, appSecret: () => secrets?.dingtalkAppSecret })]
      : []),
    ...(psm.enabled ? [createPsmProvider({ ...common, settings: psm, casSession: () => secrets?.casSession })] : []),
  ];
}
