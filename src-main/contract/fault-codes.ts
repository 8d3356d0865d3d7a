import type { Words } from './words.ts';

/** What a fault means on each wire, and what a person reads. `words` say what happened and what to do next. */
export interface FaultKind {
  /** HTTP status at the door. Faults of a tool travel inside a 200 and use it only for the record. */
  http: number;
  /** JSON-RPC error code, where the fault ends a request instead of becoming a tool result. */
  rpc: number;
  /** Whether the same request may work later without anybody changing anything. */
  retryable: boolean;
  words: Words;
}

type Wire = [http: number, rpc: number];

/** A fault that stays until somebody does something. */
const lasting = ([http, rpc]: Wire, zh: string, en: string): FaultKind => ({
  http,
  rpc,
  retryable: false,
  words: { zh, en },
});
/** A fault that may be over by the next try. */
const passing = (wire: Wire, zh: string, en: string): FaultKind => ({ ...lasting(wire, zh, en), retryable: true });

/** Every fault there is. The key is the stable code that clients, logs, tests and docs share. */
export const faultCodes = {
  // The door
  malformed_json: lasting([400, -32700], '请求体不是合法的 JSON。', 'The request body is not valid JSON.'),
  invalid_request: lasting([400, -32600], '这不是合法的 JSON-RPC 请求。', 'This is not a valid JSON-RPC request.'),
  unsupported_media_type: lasting(
    [415, -32000],
    '请求体必须是未压缩的 application/json。',
    'The body must be uncompressed application/json.',
  ),
  not_acceptable: lasting(
    [406, -32000],
    'Accept 头必须包含 application/json 和 text/event-stream。',
    'Accept must list application/json and text/event-stream.',
  ),
  body_too_large: lasting([413, -32000], '请求体过大。', 'The request body is too large.'),
  method_not_allowed: lasting([405, -32000], '此地址不支持该方法。', 'This address does not support that method.'),
  not_found: lasting([404, -32601], '没有这个地址。', 'There is nothing at this address.'),
  session_not_found: lasting(
    [404, -32001],
    '会话不存在或已结束，请重新连接。',
    'No such session, or it has ended. Connect again.',
  ),
  session_required: lasting(
    [400, -32000],
    '缺少 Mcp-Session-Id 头，请先发送 initialize。',
    'The Mcp-Session-Id header is missing. Send initialize first.',
  ),
  stream_gone: passing(
    [409, -32000],
    '此会话的事件流不在，请先打开 /sse。',
    'The event stream of this session is gone. Open /sse first.',
  ),
  stream_taken: passing([409, -32000], '此会话已有一个事件流。', 'This session already has an event stream.'),
  unsupported_protocol_version: lasting(
    [400, -32000],
    '不支持该 MCP 协议版本。',
    'That MCP protocol version is not supported.',
  ),
  key_required: lasting(
    [401, -32000],
    '缺少或不认识客户端密钥，请用 Authorization: Bearer 带上 LarkGate 给出的密钥。',
    'The client key is missing or unknown. Send the key LarkGate gave you as Authorization: Bearer.',
  ),
  host_refused: lasting(
    [403, -32000],
    'Host 头不是本机网关的地址。',
    'The Host header does not name this gateway on this machine.',
  ),
  origin_refused: lasting([403, -32000], '不接受来自网页的请求。', 'Requests from web pages are not accepted.'),
  rate_limited: passing([429, -32029], '请求过于频繁，请稍后再试。', 'Too many requests. Wait a moment and try again.'),
  too_many_sessions: passing(
    [503, -32000],
    '会话或连接数已到上限，请稍后再试或关闭不用的客户端。',
    'The limit of sessions or connections is reached. Try later or close clients you do not use.',
  ),
  paused: lasting(
    [503, -32000],
    '用户已暂停 LarkGate，工具暂时不会执行。请等用户在托盘或控制台恢复后再试。',
    'The user has paused LarkGate, so no tool runs. Try again after they resume it in the tray or on the dashboard.',
  ),
  stopping: passing([503, -32000], '网关正在停止。', 'The gateway is stopping.'),

  // Tools
  unknown_tool: lasting([404, -32602], '没有这个工具。', 'There is no such tool.'),
  invalid_arguments: lasting([400, -32602], '工具参数不正确。', 'The arguments do not fit the tool.'),
  canceled: lasting([499, -32000], '调用已取消。', 'The call was canceled.'),
  timeout: passing([504, -32000], '等待超时，上游没有及时回答。', 'Timed out waiting for the upstream to answer.'),
  outcome_unknown: lasting(
    [504, -32000],
    '写操作已发出但没有收到结果，可能已经生效。请先查询确认，不要直接重发。',
    'The write was sent but its result never came; it may have taken effect. Look before you send it again.',
  ),

  // Identity
  sign_in_required: lasting(
    [401, -32010],
    '尚未登录飞书。请打开链接登录，然后重试。',
    'Not signed in to Feishu. Open the link to sign in, then try again.',
  ),
  sign_in_again: lasting(
    [401, -32010],
    '飞书登录已失效，请重新登录。',
    'The Feishu sign-in is no longer valid. Sign in again.',
  ),
  login_state: lasting(
    [400, -32000],
    '登录链接无效、已用过或已过期，请重新开始登录。',
    'The sign-in link is invalid, used or expired. Start signing in again.',
  ),
  login_denied: lasting(
    [400, -32000],
    '你在飞书页面上取消了授权，没有保存任何内容。',
    'You declined on the Feishu page. Nothing was stored.',
  ),
  login_expired: lasting(
    [400, -32000],
    '链接或二维码已过期，没有保存任何内容。请重新开始。',
    'The link or QR code expired. Nothing was stored. Start again.',
  ),
  login_canceled: lasting(
    [400, -32000],
    '登录已取消，没有保存任何内容。',
    'The sign-in was canceled. Nothing was stored.',
  ),
  account_mismatch: lasting(
    [409, -32000],
    '授权的不是原来的飞书账号，没有保存任何内容。请用原来的账号授权。',
    'Another Feishu account consented. Nothing was stored. Grant it as the account that asked.',
  ),
  login_failed: lasting(
    [502, -32000],
    '飞书没有完成登录，请重新开始。',
    'Feishu did not complete the sign-in. Start again.',
  ),
  app_missing: lasting(
    [503, -32000],
    '还没有飞书应用。请在控制台的“账号”页扫码创建一个，或运行 larkgate login。',
    'There is no Feishu app yet. Create one by a scan on the Accounts page of the dashboard, or run larkgate login.',
  ),
  app_in_use: lasting(
    [409, -32000],
    '还有账号登录在这个应用上，请先退出这些账号。',
    'Accounts are still signed in to this app. Sign them out first.',
  ),
  app_credentials: lasting(
    [502, -32000],
    '飞书拒绝了应用的 App ID 或 App Secret，请检查配置。令牌已保留。',
    'Feishu refused the app id or secret. Check them; your tokens were kept.',
  ),
  app_unavailable: lasting(
    [403, -32000],
    '该飞书应用对你不可用，请管理员检查应用的启用状态和可用范围。',
    'The Feishu app is not available to you. Ask an administrator to check that it is enabled and includes you.',
  ),
  scope_required: lasting(
    [403, -32011],
    '你还没有授予所需的权限，请打开链接授权后重试。',
    'You have not granted a permission this needs. Open the link to grant it, then try again.',
  ),
  app_scope_required: lasting(
    [403, -32011],
    '应用还没有开通所需的权限，请在开发者后台开通后重试。',
    'The app has not enabled a permission this needs. Enable it in the developer console, then try again.',
  ),

  // Upstreams
  upstream_refused: lasting(
    [502, -32000],
    '飞书拒绝了这次调用，原因见详情。',
    'Feishu refused the call; the details say why.',
  ),
  upstream_broken: passing(
    [502, -32000],
    '上游返回了无法理解的内容。',
    'The upstream answered with something that cannot be understood.',
  ),
  upstream_failed: passing(
    [502, -32000],
    '上游服务内部出错，请稍后再试。',
    'The upstream had an internal error. Try again later.',
  ),
  upstream_unreachable: passing(
    [502, -32000],
    '连不上上游服务，请检查网络。',
    'The upstream cannot be reached. Check the network.',
  ),
  upstream_busy: passing(
    [429, -32000],
    '飞书限制了调用频率，请稍后再试。',
    'Feishu limited the rate of calls. Try again later.',
  ),
  quota_exhausted: lasting(
    [429, -32000],
    '企业本月的飞书接口额度已用完。',
    'The monthly Feishu API quota of your organization is used up.',
  ),
  redirect_refused: lasting(
    [502, -32000],
    '上游把请求转到了别的主机，已拒绝。',
    'The upstream redirected to another host; that was refused.',
  ),
  answer_too_large: lasting(
    [502, -32000],
    '上游的回答过大，请缩小查询范围。',
    'The upstream answer is too large. Narrow the query.',
  ),

  // The machine
  config_invalid: lasting([400, -32000], '配置不正确。', 'The configuration is not valid.'),
  storage: passing(
    [507, -32000],
    '数据目录无法写入，请检查磁盘空间和权限。',
    'The data folder cannot be written. Check disk space and permissions.',
  ),
  port_taken: lasting(
    [409, -32000],
    '端口已被占用，请换一个端口或关闭占用它的程序。',
    'The port is taken. Choose another or close the program that holds it.',
  ),
  internal: lasting(
    [500, -32603],
    '网关内部错误，详情见日志。',
    'Internal error of the gateway; the log has the details.',
  ),
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof faultCodes;

/** A fault as it crosses a wire: no stack, no cause, no secret. */
export interface FaultBody {
  code: FaultCode;
  words: Words;
  retryable: boolean;
  /** Milliseconds after which another try makes sense. */
  retryAfterMs?: number;
  /** Facts that help: the field at fault, Feishu's code and log id, a link. Never a secret, never an argument's value. */
  details?: Record<string, unknown>;
}
