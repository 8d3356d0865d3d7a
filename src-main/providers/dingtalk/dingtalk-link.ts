import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Log } from '../../base/log.ts';
import type { DingtalkConfig } from '../../contract/connectors-config.ts';
import type { ToolContext } from '../provider.ts';
import { OutgoingPace } from '../outgoing-pace.ts';
import { AppToken } from './app-token.ts';
import { type DingtalkAnswer, readAnswer } from './dingtalk-answer.ts';
import { MonthlyUse } from './monthly-use.ts';
import { Pauses } from './pauses.ts';
import { Refusal } from './refusal.ts';
import type { DingtalkRequest } from './requests.ts';
import { noCredentials, noOperator } from './setup-words.ts';

export interface DingtalkLinkParts {
  clock: Clock;
  http: HttpClient;
  log: Log;
  settings: DingtalkConfig;
  /** Asked each time, so that a new one needs no restart. */
  appSecret(): string | undefined;
  limits: { upstreamMs: number; answerBytes: number };
  /** Told of everything that changes how the connector is doing. */
  onChange(): void;
}

export interface Sending {
  token: string;
  /** The whole exchange must be over by then. */
  deadlineMs: number;
  /** Of a request that may be dropped. */
  signal?: AbortSignal;
  answered: ToolContext['answered'];
}

interface Outgoing {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  /** Sent as JSON unless undefined. */
  body: unknown;
}

/** What DingTalk allows an app, for each of its interfaces. */
const mostPerSecond = 20;

const tokenAnswer = z.looseObject({
  accessToken: z.string().min(1),
  expireIn: z.coerce.number().pipe(z.number().finite()).catch(7200),
});
const userAnswer = z.looseObject({ result: z.looseObject({ unionid: z.string().min(1) }) });

/** The one connection of the connector to DingTalk: its token, its pace, its pauses and what it has used. */
export class DingtalkLink {
  readonly settings: DingtalkConfig;
  readonly token: AppToken;
  readonly pauses: Pauses;
  readonly use: MonthlyUse;
  readonly #parts: DingtalkLinkParts;
  readonly #pace: OutgoingPace;
  #operatorId: string | undefined;
  #requests = 0;
  #lastRefusal: { at: number; refusal: Refusal } | undefined;

  constructor(parts: DingtalkLinkParts) {
    const { clock, settings } = parts;
    this.settings = settings;
    this.#parts = parts;
    this.pauses = new Pauses(clock);
    this.use = new MonthlyUse(clock);
    this.#pace = new OutgoingPace(
      clock,
      settings.callsPerSecond,
      Math.max(1, Math.min(4, mostPerSecond - settings.callsPerSecond)),
    );
    this.#operatorId = settings.operatorId || undefined;
    this.token = new AppToken({
      ...parts,
      issue: () => this.#askForToken(),
      ttlMs: settings.tokenCacheTtl * 1000,
      onPause: () => parts.onChange(),
    });
  }

  get requests(): number {
    return this.#requests;
  }

  get lastRefusal(): { at: number; refusal: Refusal } | undefined {
    return this.#lastRefusal;
  }

  get hasCredentials(): boolean {
    return this.settings.appKey !== '' && this.#parts.appSecret() !== undefined;
  }

  get hasOperator(): boolean {
    return this.#operatorId !== undefined || this.settings.operatorUserId !== '';
  }

  /** One exchange. Rejects with a Refusal, or `canceled`. */
  async send(request: DingtalkRequest, sending: Sending): Promise<DingtalkAnswer> {
    const url = new URL(this.settings.baseUrl + request.path);
    url.search = new URLSearchParams(request.query).toString();
    const headers = { 'x-acs-dingtalk-access-token': sending.token };
    const outgoing = { method: request.method, url, headers, body: request.body };
    return this.#exchange(outgoing, sending, true);
  }

  /** The unionId in whose name everything is done. */
  async operator(sending: Sending): Promise<string> {
    if (this.#operatorId !== undefined) return this.#operatorId;
    const { operatorUserId, oapiBaseUrl } = this.settings;
    if (operatorUserId === '') throw new Refusal({ meaning: 'setup', words: noOperator });
    const url = new URL(`${oapiBaseUrl}/topapi/v2/user/get`);
    url.searchParams.set('access_token', sending.token);
    const outgoing = { method: 'POST' as const, url, headers: {}, body: { userid: operatorUserId } };
    const { data } = await this.#exchange(outgoing, sending);
    const parsed = userAnswer.safeParse(data);
    if (!parsed.success) throw new Refusal({ meaning: 'setup', words: unknownOperator });
    this.#operatorId = parsed.data.result.unionid;
    return this.#operatorId;
  }

  async #askForToken(): Promise<{ token: string; expiresInMs: number }> {
    const appSecret = this.#parts.appSecret();
    const { appKey, baseUrl } = this.settings;
    if (appKey === '' || appSecret === undefined) throw new Refusal({ meaning: 'auth', words: noCredentials });
    const url = new URL(`${baseUrl}/v1.0/oauth2/accessToken`);
    const outgoing = { method: 'POST' as const, url, headers: {}, body: { appKey, appSecret } };
    const { data } = await this.#exchange(outgoing, {
      token: '',
      deadlineMs: this.#parts.limits.upstreamMs,
      answered: () => {},
    });
    const parsed = tokenAnswer.safeParse(data);
    if (!parsed.success) throw new Refusal({ meaning: 'unknown', words: noToken, cause: parsed.error });
    const seconds = Math.min(86_400, Math.max(60, parsed.data.expireIn));
    return { token: parsed.data.accessToken, expiresInMs: seconds * 1000 };
  }

  /** Requests for tokens and people are not `counted` against the organization's quota. */
  async #exchange(outgoing: Outgoing, sending: Sending, counted = false): Promise<DingtalkAnswer> {
    this.pauses.refuse(counted);
    await this.#pace.turn(sending.signal);
    // While we waited for our turn another request may have learned something.
    this.pauses.refuse(counted);
    this.#requests += 1;
    if (counted) this.use.add();
    this.#parts.onChange();
    try {
      return await this.#sendNow(outgoing, sending);
    } catch (thrown) {
      throw this.#noted(thrown, sending.token);
    }
  }

  async #sendNow(outgoing: Outgoing, { deadlineMs, signal, answered }: Sending): Promise<DingtalkAnswer> {
    const { http, clock, limits } = this.#parts;
    const started = clock.monotonic();
    const request = { ...toHttp(outgoing), deadlineMs, maxBytes: limits.answerBytes, ...(signal && { signal }) };
    const answer = await http(request).catch((thrown: unknown) => {
      answered({ ms: clock.monotonic() - started, status: 0, code: null, logId: null });
      throw thrown;
    });
    const said = { ms: answer.ms, status: answer.status, code: null };
    try {
      const read = readAnswer(answer);
      answered({ ...said, logId: read.requestId?.slice(0, 128) ?? null });
      return read;
    } catch (thrown) {
      answered({ ...said, logId: null });
      throw thrown;
    }
  }

  #noted(thrown: unknown, token: string): unknown {
    if (thrown instanceof Fault && thrown.code === 'canceled') return thrown;
    const found = thrown instanceof Refusal ? thrown : Refusal.fromFault(Fault.from(thrown));
    const refusal = found.without([token, this.#parts.appSecret() ?? '']);
    const { log, clock, onChange } = this.#parts;
    const { meaning, code, requiredScopes } = refusal;
    if (meaning === 'permission') log.warn({ upstreamCode: code, requiredScopes }, 'DingTalk wants a permission');
    this.pauses.note(refusal);
    this.#lastRefusal = { at: clock.now(), refusal };
    onChange();
    return refusal;
  }
}

function toHttp({ method, url, headers, body }: Outgoing) {
  const json = { accept: 'application/json', ...headers };
  if (body === undefined) return { method, url, headers: json };
  return { method, url, headers: { ...json, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const unknownOperator = {
  zh: '钉钉没有给出 DINGTALK_OPERATOR_USER_ID 对应的 unionId，请检查它是否正确。',
  en: 'DingTalk gave no unionId for DINGTALK_OPERATOR_USER_ID. Check that it is right.',
};
const noToken = { zh: '钉钉的回答里没有令牌。', en: "DingTalk's answer has no token." };
