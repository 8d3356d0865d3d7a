import type { Words } from '../../contract/words.ts';
import type { ConnectorState } from '../connector.ts';
import type { DingtalkLink } from './dingtalk-link.ts';
import { Refusal } from './refusal.ts';
import { noCredentials, noOperator, pausedRenewal } from './setup-words.ts';

/** How the connector is doing, in words for a person. */
export function stateOf(link: DingtalkLink): ConnectorState {
  const { lastRefusal, settings } = link;
  return {
    ...standing(link),
    lastError: lastRefusal ? { at: lastRefusal.at, words: lastRefusal.refusal.words } : null,
    requests: link.requests,
    quota: { used: link.use.used, budget: settings.monthlyBudget },
  };
}

function standing(link: DingtalkLink): Pick<ConnectorState, 'state' | 'words' | 'until'> {
  if (!link.hasCredentials) return { state: 'unconfigured', words: noCredentials, until: null };
  if (!link.hasOperator) return { state: 'unconfigured', words: noOperator, until: null };
  const pause = link.pauses.standing();
  if (pause) return { state: 'paused', words: new Refusal({ meaning: pause.meaning }).words, until: pause.until };
  const { token } = link;
  if (token.paused) return { state: 'paused', words: pausedRenewal, until: null };
  if (token.failure) return { state: 'attention', words: token.failure.words, until: null };
  return { state: 'ready', words: ready, until: null };
}

const ready: Words = { zh: '可以使用。', en: 'Ready.' };
