import type { FaultCode } from '../../contract/fault-codes.ts';
import type { Words } from '../../contract/words.ts';

/** What one of Feishu's OAuth codes means here. Whether a retry makes sense is the fault's own property. */
export interface OauthCode {
  /** The fault it becomes while signing in. */
  fault: FaultCode;
  /** At a renewal: the refresh token is of no more use, only a new sign-in helps. Otherwise the tokens are kept. */
  endsSignIn?: true;
  /** The code or token that was sent is of no more use. While a device login waits, this is its link. */
  grantOver?: true;
  /** The refresh token had been used before. */
  spent?: true;
  words: Words;
}

const say = (fault: FaultCode, zh: string, en: string): OauthCode => ({ fault, words: { zh, en } });
const end = (zh: string, en: string): OauthCode => ({ fault: 'login_failed', endsSignIn: true, words: { zh, en } });
const over = (zh: string, en: string): OauthCode => ({ ...end(zh, en), grantOver: true });
const spent = (zh: string, en: string): OauthCode => ({ ...over(zh, en), spent: true });

const ourMistake = say(
  'upstream_refused',
  '飞书不接受 LarkGate 的请求参数，这是 LarkGate 的缺陷，请附上日志 ID 反馈。',
  'Feishu did not accept what LarkGate sent. This is a defect of LarkGate; please report it with the log id.',
);
const badCode: OauthCode = {
  ...say(
    'login_failed',
    '授权码无效、已过期或已用过，请重新开始登录。',
    'The authorization code is invalid, expired or used. Start signing in again.',
  ),
  grantOver: true,
};
const badScopes = say(
  'upstream_refused',
  '请求的权限重复，或超出了已授予的范围，请检查权限列表。',
  'The scopes asked for are listed twice or were not granted. Check the list of scopes.',
);
const appOff = say(
  'app_unavailable',
  '该飞书应用在企业内未安装或未启用，请联系管理员。登录信息已保留。',
  'The Feishu app is not installed or not enabled in your organization. Ask an administrator; the sign-in is kept.',
);
const noUser = end(
  '该飞书用户不存在或已停用，请联系管理员，或用其他账号登录。',
  'This Feishu user does not exist or is disabled. Ask an administrator, or sign in with another account.',
);
const badRefreshToken = over(
  '飞书不认可保存的登录信息，请重新登录。',
  'Feishu does not recognize the stored sign-in. Sign in again.',
);
const wrongApp = say(
  'app_credentials',
  '飞书不认识这个 App ID 或 App Secret，请检查应用配置。登录信息已保留。',
  'Feishu does not know this app id or secret. Check the app settings; the sign-in is kept.',
);
const badAccessToken = say(
  'login_failed',
  '飞书拒绝了刚签发的令牌，请重新登录。',
  'Feishu refused the token it had just issued. Sign in again.',
);
const securityPolicy = say(
  'upstream_refused',
  '企业安全策略拦截了登录。若详情中有链接，请打开完成验证后重试。',
  'A security policy of your organization blocked this. If the details have a link, open it, pass the check and try again.',
);

/** Feishu's codes of the authorize page, the token endpoints and user_info ("Get user_access_token", "Refresh user_access_token"). */
export const larkOauthCodes: ReadonlyMap<number, OauthCode> = new Map([
  [20001, ourMistake],
  [20002, wrongApp],
  [20003, badCode],
  [20004, badCode],
  [20005, badAccessToken],
  [20006, badAccessToken],
  [20008, noUser],
  [20009, appOff],
  [
    20010,
    {
      ...say(
        'app_unavailable',
        '你不在该飞书应用的可用范围内，请管理员在应用的“可用范围”中加入你，然后重新登录。',
        "You are outside the app's availability range. Ask an administrator to add you, then sign in again.",
      ),
      endsSignIn: true,
    },
  ],
  [20014, ourMistake],
  [20016, end('你已在飞书中撤销了授权，请重新登录。', 'The grant was revoked in Feishu. Sign in again.')],
  [20017, badRefreshToken],
  [20024, end('登录信息属于另一个飞书应用，请重新登录。', 'The sign-in belongs to another Feishu app. Sign in again.')],
  [20026, badRefreshToken],
  [
    20027,
    say(
      'app_scope_required',
      '应用没有开通所请求的权限，请在开发者后台的“权限管理”中开通并发布后重试。',
      'The app has not enabled a scope that was asked for. Enable it under Permissions in the developer console, publish, and try again.',
    ),
  ],
  [
    20029,
    say(
      'login_failed',
      '回调地址没有登记，请在开发者后台的“安全设置”中添加本网关的回调地址。',
      "The redirect URL is not registered. Add this gateway's callback address under Security settings in the developer console.",
    ),
  ],
  [20036, ourMistake],
  [
    20037,
    over(
      '登录已过期：超过 7 天没有续期，或距上次授权已满 365 天。请重新登录。',
      'The sign-in expired: not renewed for 7 days, or 365 days after consent. Sign in again.',
    ),
  ],
  [20048, wrongApp],
  [20049, say('login_failed', 'PKCE 校验未通过，请重新开始登录。', 'The PKCE check failed. Start signing in again.')],
  [
    20050,
    say(
      'upstream_broken',
      '飞书认证服务内部错误。续期会自动重试；如果正在登录，请稍后重新开始。',
      "Feishu's sign-in service failed. A renewal is tried again by itself; if you are signing in, start again in a moment.",
    ),
  ],
  [20063, ourMistake],
  [20064, spent('飞书已撤销此登录，请重新登录。', 'Feishu revoked this sign-in. Sign in again.')],
  [20065, badCode],
  [20066, noUser],
  [20067, badScopes],
  [20068, badScopes],
  [20069, appOff],
  [20070, ourMistake],
  [
    20071,
    say(
      'login_failed',
      '回调地址与登录开始时不一致，请重新开始登录。',
      'The redirect URL differs from the one at the start. Start signing in again.',
    ),
  ],
  [
    20072,
    say(
      'upstream_busy',
      '飞书认证服务暂时不可用。续期会自动重试；如果正在登录，请稍后重新开始。',
      "Feishu's sign-in service is unavailable for now. A renewal is tried again by itself; if you are signing in, start again in a moment.",
    ),
  ],
  [
    20073,
    spent(
      '刷新令牌已被其他程序用过，请重新登录。',
      'The refresh token was already used by another program. Sign in again.',
    ),
  ],
  [
    20074,
    say(
      'upstream_refused',
      '应用未开启令牌刷新。请在开发者后台“安全设置”中打开“刷新 user_access_token”并发布版本。',
      'The app may not renew sign-ins. Turn on "Refresh user_access_token" under Security settings in the developer console and publish a version.',
    ),
  ],
  [21000, securityPolicy],
  [21001, securityPolicy],
  [99991543, wrongApp],
  [99991668, badAccessToken],
  [99991677, badAccessToken],
]);

/** Error names of RFC 6749 (4.1.2.1, 5.2), for answers without a Feishu code, and the code they stand for. */
export const larkOauthNames: ReadonlyMap<string, number> = new Map([
  ['invalid_request', 20001],
  ['unsupported_response_type', 20001],
  ['unsupported_grant_type', 20036],
  ['invalid_grant', 20026],
  ['invalid_client', 20002],
  ['unauthorized_client', 20069],
  ['invalid_scope', 20027],
  ['server_error', 20050],
  ['temporarily_unavailable', 20072],
]);

/** Error names by which a sign-in ends, whatever code comes with them (RFC 6749, 4.1.2.1; RFC 8628, 3.5). */
export const larkOauthEnds: ReadonlyMap<string, FaultCode> = new Map([
  ['access_denied', 'login_denied'],
  ['expired_token', 'login_expired'],
]);
