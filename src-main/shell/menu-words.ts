import type { Words } from '../contract/words.ts';

/** The fixed texts of the tray menu. */
export const menuWords = {
  signIn: { zh: '登录飞书…', en: 'Sign in to Feishu…' },
  signInAgain: { zh: '重新登录…', en: 'Sign in again…' },
  signInMore: { zh: '登录另一个账号…', en: 'Sign in with another account…' },
  useByDefault: { zh: '默认使用这个账号', en: 'Use this account by default' },
  signOut: { zh: '退出登录…', en: 'Sign out…' },
  copyAddress: { zh: '复制 MCP 地址', en: 'Copy MCP address' },
  copyConfiguration: { zh: '复制客户端配置（含密钥）', en: 'Copy client configuration (with its key)' },
  noClients: { zh: '没有客户端连接', en: 'No client is connected' },
  pause: { zh: '暂停', en: 'Pause' },
  resume: { zh: '继续', en: 'Resume' },
  startAgain: { zh: '重新启动网关', en: 'Start the gateway again' },
  open: { zh: '打开 LarkGate', en: 'Open LarkGate' },
  settings: { zh: '设置', en: 'Settings' },
  startAtLogin: { zh: '登录系统时启动', en: 'Start at login' },
  closeToTray: { zh: '关闭窗口后继续运行', en: 'Keep running when the window is closed' },
  signInWithBrowser: { zh: '在系统浏览器中登录', en: 'Sign in with the system browser' },
  updates: { zh: '自动检查更新', en: 'Check for updates' },
  language: { zh: '语言', en: 'Language' },
  systemLanguage: { zh: '跟随系统', en: 'As the system' },
  quit: { zh: '退出', en: 'Quit' },
} as const satisfies Record<string, Words>;
