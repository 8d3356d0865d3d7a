import type { Fault } from '../../base/fault.ts';
import type { Words } from '../../contract/words.ts';

export type TroubleKind = 'NETWORK_ERROR' | 'AUTH_ERROR' | 'SERVICE_ERROR' | 'BUSINESS_ERROR';

export interface TroubleFacts {
  kind: TroubleKind;
  words: Words;
  /** The upstream's own number, or the HTTP status. */
  code?: number;
  /** Whether the same request may work in a moment; so it is with the network and with a 5xx. */
  passing?: boolean;
  cause?: unknown;
}

/** A request to the intranet that came to nothing. It says what happened and no address, header or token. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly kind: TroubleKind;
  readonly words: Words;
  readonly code: number;
  readonly passing: boolean;

  constructor({ kind, words, code = usualCodes[kind], passing, cause }: TroubleFacts) {
    super(words.en, { cause });
    this.kind = kind;
    this.words = words;
    this.code = code;
    this.passing = passing ?? (kind === 'NETWORK_ERROR' || (kind === 'SERVICE_ERROR' && code >= 500));
  }

  /** What our own http client found. */
  static fromFault(fault: Fault): Trouble {
    const slow = fault.code === 'timeout';
    if (slow || fault.code === 'upstream_unreachable')
      return new Trouble({ kind: 'NETWORK_ERROR', words: slow ? tooSlow : unreachable, cause: fault });
    return new Trouble({ kind: 'SERVICE_ERROR', words: fault.words, passing: false, cause: fault });
  }
}

const usualCodes: Readonly<Record<TroubleKind, number>> = {
  NETWORK_ERROR: 0,
  AUTH_ERROR: 401,
  SERVICE_ERROR: 502,
  BUSINESS_ERROR: 400,
};

export const tooSlow: Words = { zh: '内网服务没有及时回答。', en: 'The intranet service did not answer in time.' };
const unreachable: Words = {
  zh: '连不上内网服务，请检查网络和 VPN。',
  en: 'The intranet service cannot be reached. Check the network and the VPN.',
};
export const sessionOver: Words = {
  zh: 'CAS_SESSION 已失效，请在浏览器中重新登录，换上新的 CAS_SESSION。',
  en: 'CAS_SESSION is no longer valid. Sign in again in the browser and set the new CAS_SESSION.',
};
export const sessionMissing: Words = {
  zh: '没有设置 CAS_SESSION，请设置后重试。',
  en: 'CAS_SESSION is not set. Set it, then try again.',
};
export const jwtRefused: Words = {
  zh: 'JWT 令牌已过期或无效，换新后仍被拒绝；请检查 CAS_SESSION 的权限。',
  en: 'The JWT is expired or invalid, and a fresh one was refused too. Check what CAS_SESSION may do.',
};
export const serviceDown: Words = {
  zh: '内网服务内部出错或正在维护，请稍后再试。',
  en: 'The intranet service had an internal error or is under maintenance. Try again later.',
};
export const garbled: Words = {
  zh: '内网服务返回了无法理解的内容。',
  en: 'The intranet service answered with something that cannot be understood.',
};
