import type { Words } from '../contract/words.ts';
import type { ElectronApi } from './electron-api.ts';
import { openLockedWindow } from './locked-window.ts';

export interface SignInWindowOptions {
  loginId: string;
  title: string;
  mayVisit(url: string): boolean;
  /** A page wanted to lead to another host, such as a company's own sign-in. */
  onRefused(host: string): void;
  /** It is gone, by whatever hand. */
  onClosed(): void;
}

/** The window in which a person signs in. */
export interface SignInWindow {
  show(url: string): void;
  focus(): void;
  close(): void;
}

/** Opens one for a single login: its partition lives in memory and ends with it, so no other login finds its cookies. */
export function openSignInWindow(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'session'>,
  options: SignInWindowOptions,
): SignInWindow {
  const window = openLockedWindow(electron, {
    partition: `sign-in-${options.loginId}`,
    look: {
      width: 520,
      height: 720,
      minWidth: 380,
      minHeight: 480,
      title: options.title,
      fullscreenable: false,
      autoHideMenuBar: true,
    },
    mayVisit: (url) => options.mayVisit(url),
    onRefused: (url) => options.onRefused(hostOf(url)),
    // A page that wants another window gets this one, where that may be.
    onPopup: (url) => (options.mayVisit(url) ? show(url) : options.onRefused(hostOf(url))),
    downloads: false,
    permissions: [],
  });
  const page = window.webContents;
  const show = (url: string) => void page.loadURL(url).catch(() => {});
  // There is no address bar: the title says whose page this is, whatever the page calls itself.
  window.on('page-title-updated', (event) => event.preventDefault());
  page.on('did-navigate', (_event, url) => window.setTitle(`${options.title} — ${hostOf(url)}`));
  window.once('ready-to-show', () => window.show());
  window.once('closed', () => options.onClosed());
  return {
    show,
    focus: () => window.focus(),
    close: () => {
      if (!window.isDestroyed()) window.destroy();
    },
  };
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}

/** Offered when a page of a company's own sign-in is needed. */
export function leadsElsewhere(host: string): Words {
  return {
    zh: `登录页要转到 ${host}，这个窗口只打开飞书和 Lark 的页面。可以改在系统浏览器中完成登录。`,
    en: `The sign-in leads to ${host}, and this window opens pages of Feishu and Lark alone. You can finish it in your browser instead.`,
  };
}
