import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

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
  back: words('← 全部会话', '← All sessions'),
  version: words('客户端版本', 'Client version'),
  protocolName: words('协议版本', 'Protocol'),
  timeline: words('经过', 'What happened'),
  asList: words('在调用记录中筛选', 'Filter in the calls'),
  quiet: words('这个会话没有记录', 'Nothing is recorded of this session'),
  quietHint: words(
    '它还没有用过工具，或记录已超过保留期限。',
    'It has not used a tool yet, or its records are older than what is kept.',
  ),
  onlyNewest: (count: string) => words(`只显示最近 ${count} 次调用。`, `Only the newest ${count} calls are shown.`),
  showEarlier: (count: string) => words(`显示更早的 ${count} 条`, `Show ${count} earlier ones`),
  pause: (span: string) => words(`安静了 ${span}`, `Quiet for ${span}`),
  hit: (kind: Words, wait: string) =>
    words(`触发限流：${kind.zh}，需等待 ${wait}`, `Met a limit: ${kind.en}, to wait ${wait}`),
  strip: ({ calls, failed, hits, span }: { calls: string; failed: string; hits: string; span: string }) =>
    words(
      `${span}内调用 ${calls} 次，出错 ${failed} 次，限流 ${hits} 次。`,
      `${calls} calls within ${span}, ${failed} failed, ${hits} limit hits.`,
    ),
  forgotten: words('会话本身的记录已不在。', 'The record of the session itself is gone.'),
  ended: words('结束', 'Ended'),
};
