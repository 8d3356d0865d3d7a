import { words } from './common.ts';

export const callTexts = {
  title: words('调用记录', 'Calls'),
  hint: words(
    '每次工具调用都会记录。参数不保存，只留下指纹。',
    'Every tool call is recorded. Arguments are not kept, only their fingerprint.',
  ),
  allTools: words('全部工具', 'All tools'),
  allOutcomes: words('全部结果', 'All outcomes'),
  allAccounts: words('全部账号', 'All accounts'),
  allSessions: words('全部会话', 'All sessions'),
  reset: words('清除筛选', 'Clear filters'),
  filters: words('筛选', 'Filters'),
  empty: words('还没有调用', 'No calls yet'),
  emptyHint: words(
    '客户端第一次使用工具时，这里会出现一行。先在“概览”里复制地址并连上客户端。',
    'A line appears here when a client first uses a tool. Copy the address from the overview and connect one.',
  ),
  noMatch: words('没有符合筛选条件的调用', 'No call matches these filters'),
  noMatchHint: words('换一个条件，或清除筛选。', 'Change a filter, or clear them.'),
  upstream: words('等待上游', 'Waiting for the upstream'),
  gateway: words('网关自身', 'In the gateway'),
  risk: words('风险', 'Risk'),
  provider: words('提供方', 'Provider'),
  started: words('开始时间', 'Started'),
  fault: words('错误代码', 'Error code'),
  upstreamCode: words('上游代码', 'Upstream code'),
  logId: words('飞书日志 ID', 'Feishu log id'),
  fingerprint: words('参数指纹（SHA-256）', 'Fingerprint of the arguments (SHA-256)'),
  callId: words('调用 ID', 'Call id'),
  key: words('客户端密钥', 'Client key'),
};

export const outcomeHints = {
  running: words('正在等待结果。', 'Waiting for its result.'),
  ok: words('工具返回了结果。', 'The tool returned a result.'),
  error: words(
    '工具没有完成。客户端收到了原因和下一步建议；用日志 ID 可以向飞书查询。',
    'The tool did not complete. The client was told why and what to do next; Feishu can look it up by the log id.',
  ),
  refused: words(
    '超过了频率限制，没有发到飞书。可以稍后再试，或在“限流”里调高限制。',
    'Over a limit, so it was not sent to Feishu. Try later, or raise the limit on the limits page.',
  ),
  canceled: words('客户端取消了这次调用。', 'The client canceled the call.'),
  unknown: words(
    '网关在调用期间意外退出，不知道它是否完成。如果是写入，请到飞书里确认后再重试。',
    'The gateway died while the call ran, so nobody knows whether it completed. If it was a write, look in Feishu before trying again.',
  ),
};

export const sessionTexts = {
  title: words('会话', 'Sessions'),
  live: words('在线', 'Live'),
  past: words('以前的会话', 'Earlier sessions'),
  liveEmpty: words('现在没有客户端连接', 'No client is connected'),
  liveEmptyHint: words(
    '把“概览”里的 MCP 地址粘贴到 Cherry Studio、Claude、Cursor、VS Code 等客户端，连上后会立即出现在这里。',
    'Paste the MCP address from the overview into Cherry Studio, Claude, Cursor, VS Code or another client; it appears here as soon as it connects.',
  ),
  pastEmpty: words('还没有以前的会话', 'No earlier sessions yet'),
  pastEmptyHint: words('会话结束后会列在这里。', 'Sessions are listed here after they end.'),
  transport: words('连接方式', 'Connection'),
  protocol: (version: string) => words(`协议 ${version}`, `Protocol ${version}`),
  opened: words('连接于', 'Connected'),
  lastSeen: words('最近活动', 'Last seen'),
  calls: words('调用', 'Calls'),
  hits: words('限流', 'Limit hits'),
  seeCalls: (count: string, client: string) =>
    words(`${count}，查看 ${client} 的调用`, `${count}, see the calls of ${client}`),
  end: words('断开', 'Disconnect'),
  endOf: (client: string) => words(`断开 ${client}`, `Disconnect ${client}`),
  endTitle: (client: string) => words(`断开 ${client}？`, `Disconnect ${client}?`),
  endHint: words(
    '正在进行的调用会被取消。客户端可以重新连接，但会是一个新会话。',
    'Its running calls are canceled. The client can connect again, as a new session.',
  ),
  away: words('网关重启后还没有回来', 'Has not come back since a restart'),
  ended: words('结束', 'Ended'),
};

export const limitTexts = {
  title: words('限流', 'Limits'),
  hint: words(
    '限制保护你的飞书额度，也挡住失控的客户端。超出时客户端会收到 429 和等待时间。',
    'Limits protect your Feishu quota and stop clients that run wild. Beyond them a client gets 429 and how long to wait.',
  ),
  current: words('当前限制', 'Current limits'),
  perSession: words('每个会话每分钟', 'A minute, per session'),
  perSessionHint: words('一个客户端连接的请求数', 'Requests of one connected client'),
  perAddress: words('每个地址每分钟', 'A minute, per address'),
  perAddressHint: words('同一台机器所有会话加起来', 'All sessions of one machine together'),
  save: words('保存', 'Save'),
  saved: words(
    '已生效。重启网关后恢复为配置文件中的值。',
    'In effect now. A restart goes back to the configured values.',
  ),
  range: words('请输入 1 到 100000 之间的整数', 'Enter a whole number from 1 to 100000'),
  hits: words('最近一小时的限流', 'Limit hits of the last hour'),
  empty: words('最近一小时没有触发限流', 'No limit was hit in the last hour'),
  emptyHint: words(
    '一切正常。如果某个客户端请求过快，这里会显示是谁、撞上了哪个限制、要等多久。',
    'All is well. When a client asks too fast, this shows who it was, which limit it met and how long it has to wait.',
  ),
  kind: words('限制', 'Limit'),
  wait: words('需等待', 'Wait'),
};
