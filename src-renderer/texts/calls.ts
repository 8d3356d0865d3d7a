import type { Words } from '../../src-main/contract/words.ts';
import type { CallRange } from '../call-query.ts';
import { words } from './common.ts';

export const callTexts = {
  title: words('调用记录', 'Calls'),
  hint: words(
    '每次工具调用都会记录。参数不保存，只留下指纹。',
    'Every tool call is recorded. Arguments are not kept, only their fingerprint.',
  ),
  reading: words('正在读取…', 'Reading…'),
  count: (count: string) => words(`共 ${count} 次调用`, `${count} calls`),
  tooMany: (most: string) =>
    words(`列表到第 ${most} 行为止，请缩小时间范围。`, `The list ends at row ${most}; narrow down the time.`),
  newest: words('回到最新', 'Back to the newest'),
  exportAs: (format: string) => words(`导出 ${format}`, `Export ${format}`),
  search: words('搜索', 'Search'),
  searchHint: words('工具名或错误内容', 'Tool or error'),
  allClients: words('全部客户端', 'All clients'),
  range: words('时间', 'When'),
  anyTime: words('任何时间', 'Any time'),
  from: words('从', 'From'),
  until: words('到', 'Until'),
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
  lookUp: words('用下面的日志 ID 可以向飞书查询。', 'Feishu can look it up by the log id below.'),
  toAccounts: words('去“账号”登录', 'Sign in on the accounts page'),
  toLimits: words('去“限流”查看', 'See the limits page'),
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

export const callRanges: Record<CallRange, Words> = {
  hour: words('最近一小时', 'The last hour'),
  day: words('最近 24 小时', 'The last 24 hours'),
  week: words('最近 7 天', 'The last 7 days'),
  custom: words('自选…', 'Chosen…'),
};

export const outcomeHints = {
  running: words('正在等待结果。', 'Waiting for its result.'),
  ok: words('工具返回了结果。', 'The tool returned a result.'),
  error: words(
    '工具没有完成。客户端收到了原因和下一步建议。',
    'The tool did not complete. The client was told why and what to do next.',
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
