import { Deadline } from '../../base/deadline.ts';
import { Fault } from '../../base/fault.ts';
import type { Clock } from '../../base/clock.ts';
import type { Language, Words } from '../../contract/words.ts';
import type { ToolContext } from '../provider.ts';
import type { DingtalkLink, Sending } from './dingtalk-link.ts';
import { nextStep, noTries, type Tries } from './next-step.ts';
import { Refusal } from './refusal.ts';
import type { DingtalkRequest } from './requests.ts';

export interface DingtalkCallParts {
  clock: Clock;
  link: DingtalkLink;
  language: Language;
  limits: { callMs: number; upstreamMs: number; resultBytes: number };
}

/** The dealings of one tool call with DingTalk: its requests share a deadline, a budget and the newest token. */
export class DingtalkCall {
  readonly parts: DingtalkCallParts;
  readonly #context: ToolContext;
  readonly #deadline: Deadline;
  readonly #endsAt: number;
  #operatorId: string | undefined;
  #left: number;

  constructor(parts: DingtalkCallParts, context: ToolContext) {
    this.parts = parts;
    this.#context = context;
    const { clock, limits, link } = parts;
    // A little before the gateway's own deadline, so that the answer is ours to word.
    const ms = Math.max(1, limits.callMs - 500);
    this.#deadline = new Deadline(clock, ms, context.signal);
    this.#endsAt = clock.monotonic() + ms;
    this.#left = link.settings.maxCallsPerTool;
  }

  /** Must be called when the work is over. */
  end(): void {
    this.#deadline.end();
  }

  /** Requests that may still be sent. */
  get left(): number {
    return this.#left;
  }

  get now(): number {
    return this.parts.clock.now();
  }

  say(words: Words): void {
    this.#context.say('info', words[this.parts.language]);
  }

  /** Sends a request until it is answered or must not be sent again. Rejects with a Refusal, or `canceled`. */
  async send(build: (operatorId: string) => DingtalkRequest): Promise<Record<string, unknown>> {
    try {
      return await this.#send(build);
    } catch (thrown) {
      throw this.#whyStopped(thrown);
    }
  }

  /** Waits, but no longer than the call lives. */
  async pause(ms: number): Promise<void> {
    await this.parts.clock.sleep(ms, this.#deadline.signal).catch((thrown: unknown) => {
      throw this.#whyStopped(new Fault('canceled', { cause: thrown }));
    });
  }

  async #send(build: (operatorId: string) => DingtalkRequest): Promise<Record<string, unknown>> {
    const { link } = this.parts;
    let token = await link.token.get(this.#deadline.signal);
    let tries: Tries = noTries;
    for (;;) {
      const refusal = await this.#once(build, token, tries).catch(asRefusal);
      if (!(refusal instanceof Refusal)) return refusal;
      const effect = this.#operatorId === undefined ? 'read' : build(this.#operatorId).effect;
      const step = nextStep(refusal, effect, tries);
      if (step.do === 'fail') throw step.maybeDone ? refusal.saying(maybeDone(refusal)) : refusal;
      tries = step.tries;
      if (step.do === 'renew') token = await link.token.another(token, this.#deadline.signal);
      else await this.#wait(step.ms);
    }
  }

  async #once(
    build: (operatorId: string) => DingtalkRequest,
    token: string,
    tries: Tries,
  ): Promise<Record<string, unknown>> {
    const { link } = this.parts;
    this.#operatorId ??= await link.operator(this.#sending(token, 'read'));
    const request = build(this.#operatorId);
    if (this.#left <= 0) throw new Refusal({ meaning: 'unknown', words: budgetSpent, maybeDone: tries.maybeDone });
    this.#left -= 1;
    return (await link.send(request, this.#sending(token, request.effect))).data;
  }

  #sending(token: string, effect: DingtalkRequest['effect']): Sending {
    const leftMs = this.#endsAt - this.parts.clock.monotonic();
    if (this.#deadline.signal.aborted || leftMs <= 0) throw new Fault('canceled');
    return {
      token,
      deadlineMs: Math.min(this.parts.limits.upstreamMs, leftMs),
      // A write that is on its way is seen through, even when nobody waits for it any more.
      ...(effect === 'read' && { signal: this.#deadline.signal }),
      answered: (exchange) => this.#context.answered(exchange),
    };
  }

  async #wait(ms: number): Promise<void> {
    this.say({
      zh: `钉钉暂时不可用或限制了频率，${ms / 1000} 秒后自动重试。`,
      en: `DingTalk is unavailable or limited the rate of calls; trying again in ${ms / 1000} s.`,
    });
    await this.pause(ms);
  }

  /** Our own deadline is a timeout to be told; the client's wish to stop is none. */
  #whyStopped(thrown: unknown): unknown {
    if (!(thrown instanceof Fault) || thrown.code !== 'canceled') return thrown;
    const late = this.#deadline.late || this.parts.clock.monotonic() >= this.#endsAt;
    return late && !this.#context.signal.aborted ? new Refusal({ meaning: 'timeout', cause: thrown }) : thrown;
  }
}

function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  throw thrown;
}

/** A repeat that is refused says nothing about the try before it, whose answer was lost. */
function maybeDone({ words }: Refusal): Words {
  return {
    zh: `写操作已发出但没有收到结果，可能已经生效，没有自动重发。请先查看文档再决定是否重试。${words.zh}`,
    en: `The write was sent but its result never came; it may have taken effect and was not repeated. Look at the document before you try again. ${words.en}`,
  };
}

const budgetSpent = {
  zh: '这次调用已用完允许的钉钉请求数（DINGTALK_MAX_CALLS_PER_TOOL），请缩小范围。',
  en: 'This call has used all the DingTalk requests it may make (DINGTALK_MAX_CALLS_PER_TOOL). Ask for less.',
};
