import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

export const overview = {
  running: words('运行正常', 'Running'),
  attention: words('需要处理', 'Needs attention'),
  paused: words('已暂停', 'Paused'),
  away: words('连不上网关', 'The gateway is not reachable'),
  pause: words('暂停', 'Pause'),
  resume: words('恢复运行', 'Resume'),
  pausedHint: words(
    '客户端仍能连接，但不会执行任何工具：它们会收到“已暂停”的答复。重启后也保持暂停，直到你恢复运行。',
    'Clients stay connected, and no tool runs: they are told that it is paused. It stays so over a restart, until you resume.',
  ),
  runningSince: (span: string, version: string) =>
    words(`已运行 ${span} · 版本 ${version}`, `Up for ${span} · version ${version}`),
  notices: words('需要你处理的事', 'What needs you'),
  since: (when: string) => words(`自 ${when}`, `Since ${when}`),

  accounts: words('飞书账号', 'Feishu accounts'),
  allAccounts: words('管理账号', 'Manage accounts'),
  signIn: words('登录飞书', 'Sign in to Feishu'),
  signInAgain: words('重新登录', 'Sign in again'),
  noAccount: words('还没有登录飞书', 'Not signed in to Feishu yet'),
  noAccountHint: words(
    '登录后，连到网关的 AI 客户端就能以你的身份使用飞书。登录在飞书自己的页面上完成，令牌只加密保存在这台机器上。',
    'Once you sign in, the AI clients connected here work in Feishu as you. You sign in on Feishu’s own page; tokens stay on this machine, encrypted.',
  ),
  signedIn: words('已登录', 'Signed in'),
  signInNeeded: words('需要重新登录', 'Must sign in again'),
  manual: words('手动令牌', 'Manual token'),
  isDefault: words('默认', 'Default'),
  makeDefault: words('设为默认', 'Make default'),
  renew: words('立即续期', 'Renew now'),
  signOut: words('退出登录', 'Sign out'),
  signOutTitle: (name: string) => words(`退出 ${name}？`, `Sign out ${name}?`),
  signOutHint: words(
    '这台机器上保存的令牌会被删除并在飞书撤销。之后客户端要以此身份工作，需要重新登录。',
    'The tokens on this machine are deleted and revoked at Feishu. To work as this person again, someone has to sign in.',
  ),
  access: words('访问令牌', 'Access token'),
  refresh: words('登录有效期', 'Sign-in'),
  left: (span: string) => words(`还剩 ${span}`, `${span} left`),
  over: words('已过期', 'Expired'),
  noRefresh: words('无法续期：应用或你没有授予 offline_access', 'Cannot be renewed: offline_access was not granted'),
  pasted: words('粘贴的令牌不能续期', 'A pasted token cannot be renewed'),

  connect: words('把 AI 客户端连到这里', 'Connect an AI client'),
  mcpUrl: words('MCP 地址', 'MCP address'),
  sseUrl: words('旧版客户端的 SSE 地址', 'SSE address for older clients'),
  keyHint: words(
    '客户端还需要密钥（启动网关时显示），以 Authorization: Bearer 请求头发送。',
    'The client also needs its key (shown when the gateway starts), sent as the header Authorization: Bearer.',
  ),

  connected: (count: string) => words(`在线客户端：${count}`, `Clients connected: ${count}`),
  allSessions: words('查看会话', 'See sessions'),
  seeFolder: words('查看数据目录在哪里', 'See where the data folder is'),
  seeTools: words('查看工具', 'See the tools'),
  seeClients: words('查看客户端', 'See the clients'),

  activity: words('活动', 'Activity'),
  callCount: words('调用', 'Calls'),
  doneCount: words('未出错', 'Not failed'),
  errorCount: words('出错', 'Failed'),
  hitCount: words('限流', 'Limit hits'),
  perMinute: words('每分钟调用', 'Calls by the minute'),
  perHour: words('每小时调用', 'Calls by the hour'),
  latency: words('耗时', 'How long calls take'),
  typical: words('一般（p50）', 'Typical (p50)'),
  slow: words('较慢（p95）', 'Slow (p95)'),
  chart: (span: Words, calls: string, errors: string, hits: string) =>
    words(
      `${span.zh}的调用：共 ${calls} 次，出错 ${errors} 次，限流 ${hits} 次。`,
      `${span.en}: ${calls} calls, ${errors} failed, ${hits} limit hits.`,
    ),
  latencyChart: (span: Words, p50: string | null, p95: string | null) =>
    p50 === null || p95 === null
      ? words(`${span.zh}没有完成的调用。`, `${span.en}: no call ended.`)
      : words(
          `${span.zh}的耗时：p50 最高 ${p50}，p95 最高 ${p95}。`,
          `${span.en}: p50 at most ${p50}, p95 at most ${p95}.`,
        ),
  lastErrors: words('最近的错误', 'Latest errors'),
  allErrors: words('查看全部错误', 'See all errors'),
  failedWithoutCode: words('工具没有完成，原因见客户端。', 'The tool did not complete; its client was told why.'),
  noCalls: words('还没有调用', 'No calls yet'),
  noCallsHint: words(
    '连上客户端后，试着让它“列出我最近的飞书群”。每次调用都会立即出现在这里。',
    'Connect a client and ask it to “list my recent Feishu chats”. Each call appears here at once.',
  ),
  latest: words('最近的调用', 'Latest calls'),
  allCalls: words('查看全部调用', 'See all calls'),
};
