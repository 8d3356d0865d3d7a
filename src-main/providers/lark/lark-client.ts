import type { FormData } from 'undici';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer, HttpClient } from '../../base/http-client.ts';
import type { Config } from '../../contract/config.ts';
import type { Brand } from '../../contract/views.ts';
import type { Language } from '../../contract/words.ts';
import type { Credential } from '../../tokens/credential.ts';
import type { ToolContext } from '../provider.ts';
import type { ConsolePlace } from './console-pages.ts';
import { type LarkAnswer, readLarkAnswer } from './lark-answer.ts';
import type { LarkFile, LarkRequest } from './lark-request.ts';
import { type Effect, type Failure, nextStep, noTries, type Tries } from './next-step.ts';

export interface LarkClientParts {
  http: HttpClient;
  clock: Clock;
  /** The open platform of each brand. Tokens go to the origin of their own and to no other. */
  openUrl: (brand: Brand) => URL;
  limits: Pick<Config['limits'], 'upstreamMs' | 'answerBytes' | 'resultBytes' | 'callMs'>;
  /** In [0, 1), for jitter. */
  random: () => number;
  language: Language;
}

export interface LarkData {
  data: unknown;
  logId: string | null;
}

/** The dealings of one tool call with Feishu: its requests share one deadline and the newest token. */
export class LarkCall {
  readonly #parts: LarkClientParts;
  readonly #context: ToolContext;
  readonly #startedAt: number;
  #credential: Credential;

  constructor(parts: LarkClientParts, context: ToolContext) {
    if (!context.credential) throw new Fault('sign_in_required');
    this.#parts = parts;
    this.#context = context;
    this.#startedAt = parts.clock.monotonic();
    this.#credential = context.credential;
  }

  get #openUrl(): URL {
    return this.#parts.openUrl(this.#credential.brand);
  }

  get #app(): ConsolePlace | undefined {
    const { appId } = this.#credential;
    return appId === null ? undefined : { appId, openUrl: this.#openUrl };
  }

  /** Wall-clock milliseconds. */
  get now(): number {
    return this.#parts.clock.now();
  }

  /** Milliseconds until the call's deadline. */
  get leftMs(): number {
    return this.#parts.limits.callMs - (this.#parts.clock.monotonic() - this.#startedAt);
  }

  /** Sends a request until it is answered or must not be sent again. Rejects with a Fault. */
  async send(request: LarkRequest, effect: Effect): Promise<LarkData> {
    let tries: Tries = noTries;
    for (;;) {
      this.#refuseWhenStopped(tries);
      const answer = await this.#exchange(request, effect);
      if (!answer.fault) return answer;
      const step = nextStep(answer, effect, tries, { leftMs: this.leftMs, random: this.#parts.random() });
      if (step.do === 'fail') throw step.fault;
      tries = step.tries;
      if (step.do === 'renew') this.#credential = await this.#context.renew(this.#credential);
      else await this.#waitToRepeat(step.ms, step.because);
    }
  }

  /** Waits, but not longer than the call lives: the next `send` rejects when it is over. */
  async pause(ms: number): Promise<void> {
    await this.#parts.clock.sleep(ms, this.#context.signal).catch(() => {});
  }

  async #waitToRepeat(ms: number, because: 'busy' | 'failed'): Promise<void> {
    this.#context.say('info', waiting[this.#parts.language](Math.ceil(ms / 1000), because));
    await this.pause(ms);
  }

  #refuseWhenStopped({ maybeDone }: Tries): void {
    const { signal } = this.#context;
    if (!signal.aborted && this.leftMs > 0) return;
    if (maybeDone) throw new Fault('outcome_unknown');
    if (signal.reason instanceof Fault) throw signal.reason;
    throw new Fault(signal.aborted ? 'canceled' : 'timeout');
  }

  async #exchange(request: LarkRequest, effect: Effect): Promise<LarkAnswer> {
    const { http, clock, limits } = this.#parts;
    const started = clock.monotonic();
    let answer: HttpAnswer;
    try {
      answer = await http({
        ...this.#toHttp(request),
        deadlineMs: Math.min(limits.upstreamMs, this.leftMs),
        maxBytes: limits.answerBytes,
        // A write that is on its way is seen through, even when nobody waits for it any more.
        ...(effect === 'read' && { signal: this.#context.signal }),
      });
    } catch (thrown) {
      this.#context.answered({ ms: clock.monotonic() - started, status: 0, code: null, logId: null });
      return { ...unanswered(Fault.from(thrown)), code: null, logId: null };
    }
    const read = request.file && isFile(answer) ? fileAnswer(answer) : readLarkAnswer(answer, this.#app);
    this.#context.answered({ ms: answer.ms, status: answer.status, code: read.code, logId: read.logId });
    return read;
  }

  #toHttp({ method, path, query, body, form, file }: LarkRequest): {
    method: LarkRequest['method'];
    url: URL;
    headers: Record<string, string>;
    body?: string | FormData;
  } {
    const url = new URL(path, this.#openUrl);
    url.search = new URLSearchParams(query).toString();
    const headers = {
      authorization: `Bearer ${this.#credential.accessToken}`,
      accept: file ? '*/*' : 'application/json',
      ...(file?.range !== undefined && { range: file.range }),
    };
    if (form) return { method, url, headers, body: form };
    if (body === undefined) return { method, url, headers };
    const json = { 'content-type': 'application/json; charset=utf-8' };
    return { method, url, headers: { ...headers, ...json }, body: JSON.stringify(body) };
  }
}

/** Feishu refuses a download with JSON; a file that is JSON itself comes with a name. */
function isFile({ status, headers }: HttpAnswer): boolean {
  if (status >= 300) return false;
  return headers['content-disposition'] !== undefined || !/json|html/.test(headers['content-type'] ?? 'html');
}

function fileAnswer({ status, headers, body }: HttpAnswer): LarkAnswer {
  const data: LarkFile = { bytes: body, headers, status };
  return { data, code: 0, logId: headers['x-tt-logid']?.slice(0, 128) ?? null };
}

/** What it means that no whole answer came. */
function unanswered(fault: Fault): Failure {
  const sent = fault.details?.sent !== false;
  if (fault.code === 'upstream_unreachable') return { fault, remedy: 'retry', maybeDone: sent };
  const neverAccepted = fault.code === 'redirect_refused' || fault.code === 'canceled';
  return { fault, remedy: 'none', maybeDone: !neverAccepted };
}

const waiting = {
  zh: (seconds: number, because: 'busy' | 'failed') =>
    `${because === 'busy' ? '飞书限制了调用频率' : '飞书暂时出错'}，约 ${seconds} 秒后自动重试。`,
  en: (seconds: number, because: 'busy' | 'failed') =>
    `${because === 'busy' ? 'Feishu limited the rate of calls' : 'Feishu had a failure'}; trying again in about ${seconds} s.`,
};
