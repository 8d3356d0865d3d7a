import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

export const settingTexts = {
  title: words('设置', 'Settings'),
  hint: words(
    '改动会先检查再保存。标有“重启后生效”的，在网关下次启动时才起作用，其他的立即生效。',
    'Changes are checked before they are saved. Those marked “after a restart” hold when the gateway next starts, the others at once.',
  ),
  loading: words('正在读取设置…', 'Reading the settings…'),
  again: words('重试', 'Try again'),
  find: words('查找设置', 'Find a setting'),
  findHint: words('例如“端口”“日志”“代理”', 'Such as “port”, “log” or “proxy”'),
  noMatch: words('没有这样的设置', 'There is no such setting'),
  noMatchHint: words('换一个词再试。', 'Try another word.'),

  page: words('这个页面', 'This page'),
  pageHint: words('只影响这个浏览器，立即生效。', 'For this browser only, at once.'),
  pageLanguage: words('页面语言', 'Language of the page'),
  pageLook: words('页面外观', 'Look of the page'),

  restartNeeded: words('重启后才生效的改动', 'Changes that wait for a restart'),
  restartHow: words(
    '桌面版：从托盘退出后重新打开。终端：按 Ctrl+C 停止，再运行 larkgate serve。客户端会自动重新连接。',
    'Desktop: quit from the tray and open LarkGate again. Terminal: stop it with Ctrl+C and run larkgate serve again. Clients reconnect by themselves.',
  ),
  fromTo: (running: string, wanted: string) =>
    words(`现在是 ${running}，重启后为 ${wanted}`, `Now ${running}, after a restart ${wanted}`),
  save: words('保存', 'Save'),
  discard: words('放弃改动', 'Discard'),
  saved: words('已保存。', 'Saved.'),
  savedForRestart: words('已保存，重启网关后生效。', 'Saved; it holds after a restart of the gateway.'),
  notKept: words(
    '已生效，但没有设置文件可写，重启后会恢复原样。',
    'In effect, but there is no settings file to write to: a restart goes back.',
  ),
  afterRestart: words('重启后生效', 'After a restart'),
  changed: words('启动后改过', 'Changed since the start'),
  byDefault: (value: string) => words(`默认 ${value}`, `Default ${value}`),
  toDefault: words('恢复默认', 'Back to the default'),
  toDefaultOf: (name: string) => words(`${name}：恢复默认`, `${name}: back to the default`),
  notSet: words('未设置', 'not set'),
  none: words('空', 'none'),
  on: words('开', 'on'),
  off: words('关', 'off'),
  onePerLine: words('每行一个', 'One a line'),
  means: (what: string) => words(`即 ${what}`, `That is ${what}`),
  toolsPage: words('在“工具”页选择', 'Choose them on the Tools page'),
  onToolsPage: words('列出哪些工具，在“工具”页里选择。', 'Which tools are listed is chosen on the Tools page.'),

  number: words('请输入整数', 'Enter a whole number'),
  atLeast: (min: string) => words(`不能小于 ${min}`, `Must be at least ${min}`),
  atMost: (max: string) => words(`不能大于 ${max}`, `Must be at most ${max}`),
  url: words('请输入 http:// 或 https:// 开头的完整地址', 'Enter a full address that begins with http:// or https://'),

  portFree: (port: number) => words(`端口 ${port} 空闲，可以用。`, `Port ${port} is free.`),
  portSelf: words('网关现在就在这个端口上。', 'The gateway is on this port now.'),
  portAny: words(
    '0 表示每次启动由系统选一个空闲端口；客户端的地址会随之变化。',
    '0 takes any free port at each start; the address that clients need changes with it.',
  ),
  portTaken: (port: number) => words(`端口 ${port} 已被占用。`, `Port ${port} is taken.`),
  portHeld: (port: number, name: string, pid: number) =>
    words(
      `端口 ${port} 已被 ${name}（进程 ${pid}）占用。关闭它，或换一个端口。`,
      `Port ${port} is held by ${name} (process ${pid}). Close it, or take another port.`,
    ),
  takePort: (port: number) => words(`改用 ${port}`, `Use ${port} instead`),

  data: words('数据', 'Data'),
  dataFolder: words('数据文件夹', 'Data folder'),
  dataHint: words(
    '设置、加密的令牌和调用记录都在这里。换文件夹：用 --data 参数或 LARKGATE_DATA 环境变量启动。',
    'Settings, encrypted tokens and records of calls are here. To use another folder, start with --data or LARKGATE_DATA.',
  ),
};

export const settingSections: Record<string, Words> = {
  server: words('网关', 'Gateway'),
  limits: words('限制', 'Limits'),
  tools: words('工具', 'Tools'),
  lark: words('飞书应用', 'Feishu app'),
  network: words('网络', 'Network'),
  records: words('调用记录', 'Records of calls'),
  log: words('日志', 'Log'),
  dingtalk: words('钉钉文档', 'DingTalk documents'),
  psm: words('内网服务', 'Intranet services'),
};
