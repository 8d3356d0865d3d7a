import type { AccountWay, AppOrigin, CheckView } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

export const ways: Record<AccountWay, Words> = {
  device: words('扫码', 'By a scan'),
  browser: words('浏览器授权', 'In the browser'),
  token: words('粘贴的令牌，两小时，不续期', 'Pasted token: two hours, not renewed'),
};

export const origins: Record<AppOrigin, Words> = {
  registered: words('LarkGate 创建', 'Created by LarkGate'),
  given: words('来自开发者后台', 'From the developer console'),
};

export const checkLevels: Record<CheckView['level'], Words> = {
  ok: words('正常', 'OK'),
  warning: words('留意', 'Note'),
  error: words('需要修改', 'To fix'),
  unknown: words('无法得知', 'Not known'),
};

/** Parts of Feishu, by what their scopes begin with. */
export const scopeParts: Record<string, Words> = {
  im: words('消息', 'Messages'),
  docs: words('云文档', 'Docs'),
  docx: words('文档', 'Documents'),
  drive: words('云空间', 'Drive'),
  space: words('云空间', 'Drive'),
  bitable: words('多维表格', 'Base'),
  base: words('多维表格', 'Base'),
  sheets: words('电子表格', 'Sheets'),
  calendar: words('日历', 'Calendar'),
  contact: words('通讯录', 'Contacts'),
  task: words('任务', 'Tasks'),
  wiki: words('知识库', 'Wiki'),
  minutes: words('妙记', 'Minutes'),
  mail: words('邮箱', 'Mail'),
  search: words('搜索', 'Search'),
  vc: words('视频会议', 'Meetings'),
  approval: words('审批', 'Approvals'),
  offline_access: words('自动续期', 'Renewal'),
};

export const accountTexts = {
  title: words('账号', 'Accounts'),
  hint: words(
    '谁登录了、能用多久、授予了哪些权限，以及每个客户端以谁的身份工作。',
    'Who is signed in, for how long and with which permissions, and as whom each client works.',
  ),
  signedIn: words('已登录的账号', 'Signed in'),
  manage: (name: string) => words(`管理 ${name}`, `Manage ${name}`),
  manageAct: words('管理', 'Manage'),
  app: words('应用', 'App'),
  noApp: words('无（粘贴的令牌）', 'None (pasted token)'),
  organization: words('企业', 'Organization'),
  way: words('登录方式', 'Signed in'),
  renewal: words('最近续期', 'Last renewal'),
  noRenewal: words('还没有续期过', 'Not renewed yet'),
  renewed: (when: string) => words(`${when} 成功`, `${when}: it worked`),
  renewalFailed: (when: string, code: string) =>
    words(`${when} 失败${code}，会自动重试`, `${when}: it failed${code} and is tried again`),
  renewalOver: (when: string, code: string) =>
    words(`${when} 被飞书拒绝${code}，需要重新登录`, `${when}: Feishu refused it${code}; sign in again`),
  code: (code: number) => words(`（代码 ${code}）`, ` (code ${code})`),
  clients: words('以此身份工作的客户端', 'Clients that work as this person'),
  noClients: words('没有', 'None'),
  consent: words('重新授权', 'Consent again'),
  pasteAgain: words('粘贴新的令牌', 'Paste a new token'),

  granted: (count: number) => words(`已授予 ${count} 项权限`, `${count} permissions granted`),
  missing: (count: number) => words(`还缺 ${count} 项权限`, `${count} permissions missing`),
  missingHint: words(
    '登录时请求过，但没有授予。需要它们的工具会失败。',
    'Asked for at sign-in and not granted. Tools that need them fail.',
  ),
  grant: words('授予', 'Grant them'),
  enable: words('先在应用里开通再授予（扫两次码）', 'Enable on the app, then grant (two scans)'),
  searchScopes: words('搜索权限', 'Search permissions'),
  noScope: words('没有符合的权限', 'No permission matches'),

  apps: words('应用', 'Apps'),
  appsEmpty: words('还没有应用', 'No app yet'),
  appsEmptyHint: words(
    '每个账号都通过一个应用登录。添加账号时，LarkGate 可以为你创建一个。',
    'Each account signs in through an app. LarkGate can create one for you when you add an account.',
  ),
  useApp: words('登录', 'Sign in'),
  useAppOf: (app: string) => words(`用 ${app} 登录`, `Sign in with ${app}`),
  check: words('检查', 'Check'),
  checkOf: (app: string) => words(`检查 ${app}`, `Check ${app}`),
  checkAgain: words('再次检查', 'Check again'),
  checking: words('正在读取应用的配置…', 'Reading the app’s configuration…'),
  report: (app: string) => words(`${app} 的检查结果`, `What the check of ${app} found`),
  console: words('打开开发者后台', 'Open the developer console'),
  toPaste: words('要粘贴的内容', 'What to paste there'),
  forget: words('移除', 'Forget'),
  forgetOf: (app: string) => words(`移除 ${app}`, `Forget ${app}`),
  forgetTitle: (app: string) => words(`移除 ${app}？`, `Forget ${app}?`),
  forgetHint: words(
    '这台机器上保存的 App Secret 会被删除。飞书里的应用还在，以后可以重新添加。',
    'The App Secret on this machine is deleted. The app itself stays in Feishu and can be added again.',
  ),

  clientKeys: words('客户端', 'Clients'),
  clientKeysHint: words(
    '每个客户端密钥以一个账号的身份工作。名为 default 的密钥由没有单独密钥的客户端共用。',
    'Each client key works as one account. The key “default” is shared by clients that were given no key of their own.',
  ),
  clientKeysEmpty: words('还没有客户端密钥', 'No client keys yet'),
  clientKeysEmptyHint: words(
    '用 larkgate keys add 名称 创建一个，然后在这里选择它以谁的身份工作。',
    'Make one with larkgate keys add NAME, then choose here as whom it works.',
  ),
  sharedKey: words('共用密钥', 'Shared key'),
  worksAs: words('以谁的身份', 'Works as'),
  accountOf: (client: string) => words(`${client} 的账号`, `Account of ${client}`),
  followsDefault: (name: string | null) =>
    name === null
      ? words('跟随默认账号', 'The default account')
      : words(`跟随默认账号（${name}）`, `The default account (${name})`),
  followsClient: words('跟随客户端的设置', 'As its client is set'),
  created: words('创建于', 'Made'),
};
