import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Log } from '../../base/log.ts';
import type { Notices } from '../../base/notices.ts';
import type { Config } from '../../contract/config.ts';
import type { PsmConfig } from '../../contract/connectors-config.ts';
import type { Language } from '../../contract/words.ts';
import type { Connector, ConnectorState } from '../connector.ts';
import { AnswerCache } from './answer-cache.ts';
import { checkJwtStatus } from './check-jwt-status.ts';
import type { RegionResult } from './choose-result.ts';
import { errandFor } from './errand-for.ts';
import { IntranetLink } from './intranet-link.ts';
import { JwtSource } from './jwt-source.ts';
import { PsmTool } from './psm-tool.ts';
import { sessionMissing, Trouble } from './psm-trouble.ts';
import { searchPsmService } from './search-psm-service.ts';

export interface PsmProviderOptions {
  http: HttpClient;
  clock: Clock;
  log: Log;
  notices: Notices;
  settings: PsmConfig;
  language: Language;
  /** The value of the CAS_SESSION cookie. Asked for at each renewal, so that a new one needs no restart. */
  casSession(): string | undefined;
  /** Read at each call. */
  limits: Pick<Config['limits'], 'answerBytes' | 'callMs'>;
}

const noticeId = 'connector.psm';

/** Services of the intranet as two tools, for whoever's CAS session the connector has. */
export function createPsmProvider(options: PsmProviderOptions): Connector {
  const { clock, settings, limits, language, casSession } = options;
  const link = new IntranetLink(options);
  const jwts = new JwtSource({ clock, link, authUrl: settings.authUrl, casSession });
  const cache = new AnswerCache(clock, settings.cacheTtl * 1000);
  const health = new Health(options);
  // A little less than the gateway's own deadline, so that the answer is ours to word.
  const totalMs = () => Math.max(1, Math.min(settings.totalMs, limits.callMs - 500));
  const parts = { clock, link, jwts, cache, settings, language, totalMs };
  const tools = [
    new PsmTool(searchPsmService({ ...parts, onResults: (results) => health.learn(results) }), language),
    new PsmTool(checkJwtStatus(parts), language),
  ];
  const state = () => ({ ...health.state(), requests: link.requests });
  return {
    name: 'psm',
    tools: () => tools,
    state,
    resume: async () => {
      jwts.forget();
      cache.clear();
      const context = { signal: new AbortController().signal, answered: () => {} };
      await errandFor({ clock, totalMs: totalMs() }, context, (errand) => jwts.get(errand)).then(
        () => health.learn([]),
        (thrown: unknown) => health.note(thrown),
      );
      return state();
    },
  };
}

type HealthParts = Pick<PsmProviderOptions, 'clock' | 'log' | 'notices' | 'casSession'>;

/** What stands in the way of the connector, as the last requests saw it. */
class Health {
  readonly #parts: HealthParts;
  #standing: Trouble | undefined;
  #last: ConnectorState['lastError'] = null;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  learn(results: readonly RegionResult[]): void {
    for (const { trouble } of results) if (trouble) this.note(trouble);
    const works = results.length === 0 || results.some(({ services }) => services !== undefined);
    if (!works) return;
    this.#standing = undefined;
    this.#parts.notices.clear(noticeId);
  }

  note(thrown: unknown): void {
    if (!(thrown instanceof Trouble)) throw thrown;
    const { clock, log, notices } = this.#parts;
    this.#standing = thrown;
    this.#last = { at: clock.now(), words: thrown.words };
    log.warn({ trouble: thrown.kind, code: thrown.code }, 'the intranet gave no answer');
    // For people to know, and no reason to call the gateway itself unwell.
    if (thrown.kind === 'AUTH_ERROR') notices.raise(noticeId, 'info', thrown.words);
  }

  state(): Omit<ConnectorState, 'requests'> {
    const common = { until: null, lastError: this.#last, quota: null };
    if (this.#parts.casSession() === undefined) return { ...common, state: 'unconfigured', words: sessionMissing };
    if (this.#standing) return { ...common, state: 'attention', words: this.#standing.words };
    return { ...common, state: 'ready', words: { zh: '可以使用。', en: 'Ready.' } };
  }
}
