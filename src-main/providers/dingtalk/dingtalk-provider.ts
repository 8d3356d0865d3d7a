import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Log } from '../../base/log.ts';
import type { Notices } from '../../base/notices.ts';
import type { Config } from '../../contract/config.ts';
import type { DingtalkConfig } from '../../contract/connectors-config.ts';
import type { Language } from '../../contract/words.ts';
import type { Connector, ConnectorState } from '../connector.ts';
import { createDoc } from './create-doc.ts';
import { DingtalkLink } from './dingtalk-link.ts';
import { DingtalkTool } from './dingtalk-tool.ts';
import { getDoc } from './get-doc.ts';
import { listDocs } from './list-docs.ts';
import { Memory } from './memory.ts';
import { Refusal } from './refusal.ts';
import { stateOf } from './dingtalk-state.ts';
import { updateDoc } from './update-doc.ts';

export interface DingtalkProviderOptions {
  http: HttpClient;
  clock: Clock;
  log: Log;
  notices: Notices;
  settings: DingtalkConfig;
  language: Language;
  /** Asked at each renewal, so that a new one needs no restart. */
  appSecret(): string | undefined;
  /** Read at each call. */
  limits: Pick<Config['limits'], 'upstreamMs' | 'answerBytes' | 'resultBytes' | 'callMs'>;
}

const noticeId = 'connector.dingtalk';

/** DingTalk documents as four tools. Everything is done in the operator's name, whoever calls. */
export function createDingtalkProvider(options: DingtalkProviderOptions): Connector {
  const { clock, notices } = options;
  const link = new DingtalkLink({ ...options, onChange: () => tell() });
  const state = (): ConnectorState => stateOf(link);
  // For people to know, and no reason to call the gateway itself unwell.
  const tell = () => {
    const now = state();
    if (now.state === 'ready' && !isNearQuota(now)) notices.clear(noticeId);
    else if (now.state === 'paused') notices.raise(noticeId, 'info', now.words);
    else if (isNearQuota(now)) notices.raise(noticeId, 'info', nearQuota);
  };
  const parts = { ...options, link, memory: new Memory(clock) };
  const tools = [
    new DingtalkTool(createDoc, parts),
    new DingtalkTool(getDoc, parts),
    new DingtalkTool(updateDoc, parts),
    new DingtalkTool(listDocs, parts),
  ];
  if (link.hasCredentials) link.token.start();
  return {
    name: 'dingtalk',
    tools: () => tools,
    state,
    resume: async () => {
      link.pauses.end();
      notices.clear(noticeId);
      await link.token.resume().catch((thrown: unknown) => {
        // The state says what is wrong.
        if (!(thrown instanceof Refusal)) throw thrown;
      });
      return state();
    },
    close: async () => link.token.close(),
  };
}

function isNearQuota({ quota }: ConnectorState): boolean {
  return quota !== null && quota.used >= quota.budget * 0.8;
}

const nearQuota = {
  zh: '本月的钉钉接口调用已用去预算的八成。请少用 list_docs，或提高额度。',
  en: "Four fifths of this month's budget of DingTalk calls are used. List fewer documents, or raise the quota.",
};
