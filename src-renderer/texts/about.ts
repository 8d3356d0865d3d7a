import { words } from './common.ts';

export const aboutTexts = {
  title: words('关于', 'About'),
  hint: words(
    '版本、健康状况，以及求助时可以发给别人的信息。',
    'Versions, health, and what to send along when you ask for help.',
  ),
  loading: words('正在读取…', 'Reading…'),
  again: words('重试', 'Try again'),

  health: words('健康状况', 'Health'),
  well: words('一切正常', 'All is well'),
  degraded: words('可用，但有需要处理的事', 'Working, with something to mend'),
  paused: words(
    '已暂停：应答客户端，但不执行工具。在“概览”里恢复。',
    'Paused: clients are answered and no tool runs. Resume it on the overview.',
  ),
  since: (when: string) => words(`自 ${when}`, `Since ${when}`),
  signIn: (name: string) => words(`${name} 需要重新登录。`, `${name} must sign in again.`),
  toAccounts: words('去“账号”页', 'Go to Accounts'),

  versions: words('版本', 'Versions'),
  version: words('LarkGate', 'LarkGate'),
  node: words('Node.js', 'Node.js'),
  electron: words('Electron', 'Electron'),
  sqlite: words('SQLite', 'SQLite'),
  system: words('系统', 'System'),
  definitions: words('官方工具定义', 'Official tool definitions'),
  definitionsOf: (name: string, version: string, tools: string) =>
    words(`${name} ${version}，${tools} 个工具`, `${name} ${version}, ${tools} tools`),
  started: words('启动于', 'Started'),

  paths: words('位置', 'Places'),
  dataFolder: words('数据文件夹', 'Data folder'),
  mcpUrl: words('MCP 地址', 'MCP address'),

  licence: words('许可', 'Licence'),
  licenceText: words(
    'LarkGate 以 MIT 许可发布。工具定义来自 lark-openapi-mcp（MIT，© Lark Technologies Pte. Ltd.）。',
    'LarkGate is released under the MIT licence. The tool definitions are those of lark-openapi-mcp (MIT, © Lark Technologies Pte. Ltd.).',
  ),

  bundle: words('求助信息', 'Support bundle'),
  bundleHint: words(
    '一个文本文件：版本、设置、健康状况、计数和最近的日志。令牌、密钥和参数内容都不在里面；发送前请自己看一遍。',
    'One text file: versions, settings, health, counts and the latest log lines. No token, key or content of arguments is in it; read it before you send it.',
  ),
  make: words('生成', 'Make it'),
  makeAgain: words('重新生成', 'Make it again'),
  preview: words('内容预览', 'What is in it'),
  download: words('下载', 'Download'),
  bundleText: words('求助信息', 'the support bundle'),
  size: (kilobytes: string) => words(`${kilobytes} KB`, `${kilobytes} KB`),
};
