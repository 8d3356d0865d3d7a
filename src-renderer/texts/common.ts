import type { LimitKind, Outcome, Risk, SessionEnd, Transport } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';

export const words = (zh: string, en: string): Words => ({ zh, en });

export const common = {
  overview: words('概览', 'Overview'),
  accounts: words('账号', 'Accounts'),
  calls: words('调用', 'Calls'),
  sessions: words('会话', 'Sessions'),
  limits: words('限流', 'Limits'),
  tools: words('工具', 'Tools'),
  settings: words('设置', 'Settings'),
  about: words('关于', 'About'),
  pages: words('页面', 'Pages'),
  skip: words('跳到内容', 'Skip to content'),
  language: words('语言', 'Language'),
  appearance: words('外观', 'Appearance'),
  bySystem: words('跟随系统', 'System'),
  light: words('浅色', 'Light'),
  dark: words('深色', 'Dark'),
  loading: words('正在连接网关…', 'Connecting to the gateway…'),
  loadingPage: words('正在打开…', 'Opening…'),
  notLoaded: words(
    '这个页面没有打开。网关可能已更新或停止：重新载入再试。',
    'This page did not open. The gateway may have been updated or stopped: reload and try again.',
  ),
  reload: words('重新载入', 'Reload'),
  stale: (when: string) =>
    words(
      `与网关的连接已断开，以下是 ${when} 的状态。正在自动重连…`,
      `The connection to the gateway is lost; this is how it was at ${when}. Reconnecting…`,
    ),
  time: words('时间', 'Time'),
  tool: words('工具', 'Tool'),
  client: words('客户端', 'Client'),
  account: words('账号', 'Account'),
  session: words('会话', 'Session'),
  outcome: words('结果', 'Outcome'),
  duration: words('耗时', 'Duration'),
  close: words('关闭', 'Close'),
  cancel: words('取消', 'Cancel'),
  copy: words('复制', 'Copy'),
  copied: words('已复制', 'Copied'),
  unknownClient: words('未知客户端', 'Unknown client'),
  none: words('无', 'None'),
  more: words('显示更多', 'Show more'),
};

export const outcomes: Record<Outcome | 'running', Words> = {
  running: words('进行中', 'Running'),
  ok: words('成功', 'Done'),
  error: words('出错', 'Failed'),
  refused: words('被限流', 'Limited'),
  canceled: words('已取消', 'Canceled'),
  unknown: words('结果未知', 'Unknown'),
};

export const risks: Record<Risk, Words> = {
  read: words('只读', 'Reads'),
  write: words('写入', 'Writes'),
  destructive: words('可能删除或覆盖', 'May delete or overwrite'),
};

export const transports: Record<Transport, Words> = {
  'streamable-http': words('HTTP 流式', 'Streamable HTTP'),
  sse: words('SSE（旧版）', 'SSE (older)'),
  stateless: words('HTTP 无状态', 'Stateless HTTP'),
};

export const limitKinds: Record<LimitKind, Words> = {
  session: words('单会话每分钟次数', 'Requests a minute, per session'),
  address: words('单地址每分钟次数', 'Requests a minute, per address'),
  sessions: words('会话数量', 'Number of sessions'),
  streams: words('事件流数量', 'Number of event streams'),
};

export const sessionEnds: Record<SessionEnd, Words> = {
  client: words('客户端或你结束了它', 'Ended by the client or by you'),
  idle: words('长时间未使用', 'Unused for too long'),
  gone: words('客户端断开且没有回来', 'The client left and did not come back'),
  evicted: words('会话过多，最久未用的被移除', 'Too many sessions: the longest unused one went'),
  key_revoked: words('客户端密钥已撤销', 'Its client key was revoked'),
  stopping: words('网关停止', 'The gateway stopped'),
};
