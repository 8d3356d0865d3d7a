import type { Words } from '../contract/words.ts';

export const signInTitle: Words = { zh: '登录飞书', en: 'Sign in to Feishu' };

export function brokenSettings(path: string): { title: Words; body: Words } {
  return {
    title: { zh: '桌面设置文件已损坏', en: 'The desktop settings file is broken' },
    body: {
      zh: `已恢复默认设置，原文件保存在 ${path}`,
      en: `The defaults apply again. The file was kept as ${path}`,
    },
  };
}

export const pageDied: Words = { zh: '窗口的页面多次崩溃', en: 'The page of the window crashed several times' };
export const pageDiedMeans: Words = {
  zh: '网关没有受影响，客户端可以继续使用。可以重试打开窗口，也可以从托盘菜单操作。',
  en: 'The gateway is not affected and clients go on. Try to open the window again, or use the tray menu.',
};
