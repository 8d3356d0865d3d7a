import { json, type StandInAnswer } from '../stand-in/stand-in-exchange.ts';

/** DingTalk's "no", in the form of its current API. */
export class DingtalkNo extends Error {
  override readonly name = 'DingtalkNo';
  readonly status: number;
  readonly code: string;
  readonly requiredScopes: readonly string[] | undefined;

  constructor(status: number, code: string, message: string, requiredScopes?: readonly string[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.requiredScopes = requiredScopes;
  }
}

export function toAnswer({ status, code, message, requiredScopes }: DingtalkNo, requestid: string): StandInAnswer {
  return json({ code, requestid, message, ...(requiredScopes && { accessdenieddetail: { requiredScopes } }) }, status);
}

const requestid = '0F8C1D4E-0000-7000-8000-00000000FA17';
const no = (status: number, code: string, message: string) =>
  toAnswer(new DingtalkNo(status, code, message), requestid);

/** What DingTalk answers when it is not well, by a name for each. */
export const dingtalkPresets: Readonly<Record<string, StandInAnswer>> = {
  qps: no(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', '应用调用该接口超过 QPS 限制'),
  qpm: no(403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', '应用调用该接口超过 QPM 限制'),
  crowded: no(403, 'Forbidden.AccessDenied.QpsLimitForApi', '接口总调用量超过 QPS 限制'),
  monthly: no(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业本月调用次数超过限制'),
  scope: toAnswer(
    new DingtalkNo(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', '应用尚未开通所需的权限', [
      'Storage.File.Read',
    ]),
    requestid,
  ),
  busy: no(429, 'system.busy', '系统繁忙'),
  systemError: no(500, 'systemError', '系统错误'),
  operationTimeout: no(503, 'operationTimeout', '操作超时'),
  unsuccessful: json({ success: false, requestid }),
  html: {
    status: 200,
    headers: { 'content-type': 'text/html;charset=utf-8' },
    body: '<!doctype html><title>405</title><h1>Sorry, your request has been blocked</h1>',
  },
  punish: json({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'b7d1c2' }),
};
