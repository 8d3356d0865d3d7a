import type { Fault } from '../../base/fault.ts';
import { maskSecrets } from '../../base/mask.ts';
import type { Words } from '../../contract/words.ts';
import type { Meaning } from './dingtalk-codes.ts';

export interface RefusalFacts {
  meaning: Meaning;
  /** DingTalk's own code, where it gave one. */
  code?: string | undefined;
  requestId?: string | undefined;
  status?: number | undefined;
  /** What DingTalk says about it; somebody else's text. */
  message?: string | undefined;
  /** Permission points that the app lacks. */
  requiredScopes?: readonly string[];
  /** Whether the request may have had its effect. */
  maybeDone?: boolean;
  /** Replaces the sentence of the meaning where more can be said. */
  words?: Words;
  cause?: unknown;
}

/** A request that got nothing from DingTalk. Whoever wrote the tool decides what the client reads of it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly meaning: Meaning;
  readonly maybeDone: boolean;
  readonly code: string | undefined;
  readonly requiredScopes: readonly string[];
  /** What happened, what to do, and DingTalk's own facts. */
  readonly words: Words;
  readonly #facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    const sentence = facts.words ?? sentences[facts.meaning];
    super(sentence.en, { cause: facts.cause });
    this.#facts = facts;
    this.meaning = facts.meaning;
    this.maybeDone = facts.maybeDone ?? false;
    this.code = facts.code === undefined ? undefined : printable(facts.code, 100);
    this.requiredScopes = facts.requiredScopes ?? [];
    const tail = tailOf(facts);
    this.words = { zh: sentence.zh + tail, en: sentence.en + tail };
  }

  /** The same with another sentence before DingTalk's facts. */
  saying(words: Words): Refusal {
    return new Refusal({ ...this.#facts, words });
  }

  /** The same without what must not be told, should DingTalk have echoed it. */
  without(secrets: readonly string[]): Refusal {
    const clean = (text: string | undefined) =>
      text && secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '***'), text);
    const { code, message, requestId } = this.#facts;
    return new Refusal({ ...this.#facts, code: clean(code), message: clean(message), requestId: clean(requestId) });
  }

  /** What our own http client found. `canceled` stays the fault it is. */
  static fromFault(fault: Fault): Refusal {
    const sent = fault.details?.['sent'] !== false;
    if (fault.code === 'upstream_unreachable')
      return new Refusal({ meaning: 'unreachable', maybeDone: sent, cause: fault });
    if (fault.code === 'timeout') return new Refusal({ meaning: 'timeout', maybeDone: true, cause: fault });
    const maybeDone = fault.code !== 'redirect_refused';
    return new Refusal({ meaning: 'unknown', maybeDone, words: fault.words, cause: fault });
  }
}

function tailOf({ code, requestId, status, message }: RefusalFacts): string {
  const facts = [
    code !== undefined && printable(code, 100),
    status !== undefined && `HTTP ${status}`,
    requestId !== undefined && `requestid ${printable(requestId, 64)}`,
  ].filter((fact) => fact !== false);
  const said = message === undefined ? '' : printable(maskSecrets(message), 300);
  return (facts.length > 0 ? ` [${facts.join(', ')}]` : '') + (said === '' ? '' : ` ${said}`);
}

/** Another's text, short and without control characters. */
function printable(foreign: string, most: number): string {
  return foreign.replaceAll(/\p{C}/gu, ' ').trim().slice(0, most);
}

const sentences: Readonly<Record<Meaning, Words>> = {
  auth: {
    zh: '钉钉拒绝了应用的 AppKey、AppSecret 或令牌，请检查配置后恢复连接器。',
    en: "DingTalk refused the app's AppKey, AppSecret or token. Check them, then resume the connector.",
  },
  permission: {
    zh: '应用或操作人没有所需的权限，请在钉钉开放平台开通权限，或让文档所有者授权。',
    en: 'The app or the operator lacks a permission. Enable it on the DingTalk open platform, or ask the owner of the document.',
  },
  missing: { zh: '没有这个文档，或它已被删除。', en: 'There is no such document, or it was deleted.' },
  place: {
    zh: '目标空间或文件夹不存在，或其中已有同名文档。',
    en: 'The space or folder does not exist, or has a document of that name.',
  },
  input: { zh: '钉钉不接受这些参数。', en: 'DingTalk does not accept these parameters.' },
  conflict: {
    zh: '文档同时被别人修改，请重新读取后再试。',
    en: 'The document was changed at the same time. Read it again, then try again.',
  },
  busy: {
    zh: '钉钉限制了本应用的调用频率，请稍后再试。',
    en: "DingTalk limited this app's rate of calls. Try again in a moment.",
  },
  crowded: { zh: '钉钉当前繁忙，请稍后再试。', en: 'DingTalk is busy at the moment. Try again later.' },
  quota: {
    zh: '企业本月的钉钉接口额度已用完，连接器暂停到下月，也可在扩容后手动恢复。',
    en: "The organization's monthly quota of DingTalk calls is used up. The connector pauses until next month, or until you resume it after buying more.",
  },
  banned: {
    zh: '钉钉暂时封禁了本机的网络地址，或网络返回了登录页面。连接器暂停五分钟。',
    en: "DingTalk shut out this machine's network address for a while, or the network answered with a page of its own. The connector pauses for five minutes.",
  },
  failed: { zh: '钉钉服务内部出错，请稍后再试。', en: 'DingTalk had an internal error. Try again later.' },
  unreachable: { zh: '连不上钉钉，请检查网络。', en: 'DingTalk cannot be reached. Check the network.' },
  timeout: { zh: '等待超时，钉钉没有及时回答。', en: 'Timed out waiting for DingTalk to answer.' },
  setup: { zh: '连接器的设置还不完整。', en: 'The connector is not set up yet.' },
  unknown: { zh: '钉钉拒绝了这次调用。', en: 'DingTalk refused the call.' },
};
