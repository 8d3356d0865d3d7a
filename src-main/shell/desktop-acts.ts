import { Fault } from '../base/fault.ts';
import type { AccountView } from '../contract/views.ts';
import { type Ask, cancel, close } from './asking.ts';
import { clientConfiguration } from './client-configuration.ts';
import type { DesktopGateway } from './desktop-gateway.ts';
import type { DesktopSettings } from './desktop-settings.ts';
import type { ElectronApi } from './electron-api.ts';
import type { LoginItem } from './login-item.ts';
import type { TrayActs } from './tray-menu.ts';

export interface DesktopActParts {
  electron: Pick<ElectronApi, 'app' | 'clipboard'>;
  settings: DesktopSettings;
  loginItem: LoginItem;
  ask: Ask;
  gateway(): DesktopGateway | undefined;
  signIn(accountId?: string): Promise<void>;
  open(): Promise<void>;
  startGateway(): Promise<void>;
  installUpdate(): Promise<void>;
  /** Something that the menu shows was changed. */
  onChanged(): void;
}

/** What the menu does. An act that fails says why. */
export function createDesktopActs(parts: DesktopActParts): TrayActs {
  const { electron, settings, loginItem, ask } = parts;
  const attempt = (work: () => Promise<unknown> | undefined) => void perform(work, ask);
  const withGateway = (work: (gateway: DesktopGateway) => Promise<unknown> | undefined) =>
    attempt(async () => {
      const gateway = parts.gateway();
      if (gateway) await work(gateway);
    });
  return {
    signIn: (accountId) => attempt(() => parts.signIn(accountId)),
    signOut: (account) =>
      withGateway(async (gateway) => {
        if (await isSure(account, ask)) await gateway.call('signOut', { accountId: account.id });
      }),
    makeDefault: (accountId) => withGateway((gateway) => gateway.call('setDefaultAccount', { accountId })),
    copyAddress: () => withGateway(({ mcpUrl }) => electron.clipboard.writeText(mcpUrl)),
    copyConfiguration: () => withGateway((gateway) => electron.clipboard.writeText(clientConfiguration(gateway))),
    pause: (paused) => withGateway((gateway) => gateway.call('setPaused', { paused })),
    startAgain: () => attempt(() => parts.startGateway()),
    open: () => attempt(() => parts.open()),
    startAtLogin: (on) =>
      attempt(async () => {
        await loginItem.set(on);
        parts.onChanged();
      }),
    change: (change) => {
      settings.set(change);
      parts.onChanged();
    },
    installUpdate: () => attempt(() => parts.installUpdate()),
    quit: () => electron.app.quit(),
  };
}

async function perform(work: () => Promise<unknown> | undefined, ask: Ask): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const message = { zh: '没有成功', en: 'That did not work' };
    await ask({ kind: 'error', message, detail: Fault.from(thrown).words, answers: [close] });
  }
}

async function isSure({ name }: AccountView, ask: Ask): Promise<boolean> {
  const answer = await ask({
    kind: 'warning',
    message: { zh: `让 ${name} 退出登录？`, en: `Sign ${name} out?` },
    detail: {
      zh: '保存的令牌会被撤销并删除，以这个账号工作的客户端将不能再调用飞书，直到重新登录。',
      en: 'The stored tokens are revoked and deleted. Clients that work as this account cannot call Feishu until you sign in again.',
    },
    answers: [{ zh: '退出登录', en: 'Sign out' }, cancel],
  });
  return answer === 0;
}
