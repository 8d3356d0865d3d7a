import type { MenuItemConstructorOptions } from 'electron';
import type { AccountView } from '../contract/views.ts';
import type { Language, Words } from '../contract/words.ts';
import type { DesktopSettingsValues } from './desktop-settings.ts';
import { menuWords } from './menu-words.ts';
import { plainLabel } from './plain-label.ts';
import { timeLeft } from './time-left.ts';
import { statusOf } from './tray-face.ts';
import type { TrayState } from './tray-state.ts';

/** What the items of the menu do. */
export interface TrayActs {
  signIn(accountId?: string): void;
  signOut(account: AccountView): void;
  makeDefault(accountId: string): void;
  copyAddress(): void;
  copyConfiguration(): void;
  pause(paused: boolean): void;
  startAgain(): void;
  open(): void;
  startAtLogin(on: boolean): void;
  change(settings: Partial<DesktopSettingsValues>): void;
  installUpdate(): void;
  quit(): void;
}

/** Everything the menu depends on. */
export interface TrayFacts {
  state: TrayState;
  settings: Readonly<DesktopSettingsValues>;
  language: Language;
  now: number;
  startsAtLogin: boolean;
  /** Whether this build knows where updates come from. */
  canUpdate: boolean;
  /** The version that waits to be installed. */
  update: string | null;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

/** The menu as a value: the same facts give the same menu. */
export function trayMenu(facts: TrayFacts, acts: TrayActs): Item[] {
  const { state, language } = facts;
  const say = (words: Words) => words[language];
  const isRunning = state.phase === 'running';
  return [
    { label: plainLabel(`LarkGate · ${say(statusOf(state))}`, 90), enabled: false },
    separator,
    ...(isRunning ? [...accountItems(facts, acts), separator, ...clientItems(facts, acts), separator] : []),
    ...gatewayItems(facts, acts),
    { label: say(menuWords.open), click: () => acts.open() },
    settingsItem(facts, acts),
    ...updateItems(facts, acts),
    separator,
    { label: say(menuWords.quit), click: () => acts.quit() },
  ];
}

function accountItems(facts: TrayFacts, acts: TrayActs): Item[] {
  const { state, language } = facts;
  const { accounts } = state;
  const words = accounts.length === 0 ? menuWords.signIn : menuWords.signInMore;
  return [
    ...accounts.map((account) => accountItem(account, facts, acts)),
    { label: words[language], click: () => acts.signIn() },
  ];
}

function accountItem(account: AccountView, { language, now }: TrayFacts, acts: TrayActs): Item {
  const isManual = account.state === 'manual' || account.way === 'token';
  const items: Item[] = [
    {
      label: menuWords.useByDefault[language],
      type: 'checkbox',
      checked: account.isDefault,
      click: () => acts.makeDefault(account.id),
    },
    { label: menuWords.signOut[language], click: () => acts.signOut(account) },
  ];
  // A pasted token is replaced by pasting another, which needs the dashboard.
  if (!isManual) items.unshift({ label: menuWords.signInAgain[language], click: () => acts.signIn(account.id) });
  return {
    id: account.id,
    label: plainLabel(`${account.name} · ${lifeOf(account, now)[language]}`, 90),
    submenu: items,
  };
}

/** How long the account's tokens last: the access token renews itself, the sign-in does not. */
function lifeOf({ state, accessExpiresAt, refreshExpiresAt }: AccountView, now: number): Words {
  if (state === 'sign_in_needed') return { zh: '⚠ 需要重新登录', en: '⚠ must sign in again' };
  const access = timeLeft(accessExpiresAt - now);
  if (refreshExpiresAt === null) {
    return { zh: `令牌剩余 ${access.zh}，不能续期`, en: `token ${access.en} left, cannot be renewed` };
  }
  const signIn = timeLeft(refreshExpiresAt - now);
  return {
    zh: `令牌剩余 ${access.zh}，登录剩余 ${signIn.zh}`,
    en: `token ${access.en} left, sign-in ${signIn.en} left`,
  };
}

function clientItems({ state, language }: TrayFacts, acts: TrayActs): Item[] {
  const { sessions } = state;
  const names = sessions.map(({ client }) => plainLabel(client ? `${client.name} ${client.version}` : '?'));
  const count = sessions.length;
  const label = { zh: `已连接的客户端：${count}`, en: `Clients connected: ${count}` }[language];
  return [
    { label: menuWords.copyAddress[language], click: () => acts.copyAddress() },
    { label: menuWords.copyConfiguration[language], click: () => acts.copyConfiguration() },
    count === 0
      ? { label: menuWords.noClients[language], enabled: false }
      : { label, submenu: names.slice(0, 20).map((name) => ({ label: name, enabled: false })) },
  ];
}

function gatewayItems({ state, language }: TrayFacts, acts: TrayActs): Item[] {
  if (state.phase === 'stopped') {
    return [{ label: menuWords.startAgain[language], click: () => acts.startAgain() }];
  }
  if (state.phase === 'starting') return [];
  const words = state.paused ? menuWords.resume : menuWords.pause;
  return [{ label: words[language], click: () => acts.pause(!state.paused) }];
}

function settingsItem(facts: TrayFacts, acts: TrayActs): Item {
  const { settings, language, startsAtLogin, canUpdate } = facts;
  const toggle = (words: Words, checked: boolean, click: () => void): Item => ({
    label: words[language],
    type: 'checkbox',
    checked,
    click,
  });
  const withBrowser = settings.signInWith === 'browser';
  const submenu = [
    toggle(menuWords.startAtLogin, startsAtLogin, () => acts.startAtLogin(!startsAtLogin)),
    toggle(menuWords.closeToTray, settings.closeToTray, () => acts.change({ closeToTray: !settings.closeToTray })),
    toggle(menuWords.signInWithBrowser, withBrowser, () =>
      acts.change({ signInWith: withBrowser ? 'window' : 'browser' }),
    ),
    ...(canUpdate
      ? [toggle(menuWords.updates, settings.updates, () => acts.change({ updates: !settings.updates }))]
      : []),
    { label: menuWords.language[language], submenu: languageItems(facts, acts) },
  ];
  return { label: menuWords.settings[language], submenu };
}

function languageItems({ settings, language }: TrayFacts, acts: TrayActs): Item[] {
  const names = { system: menuWords.systemLanguage[language], zh: '简体中文', en: 'English' };
  return (['system', 'zh', 'en'] as const).map((choice) => ({
    label: names[choice],
    type: 'radio',
    checked: settings.language === choice,
    click: () => acts.change({ language: choice }),
  }));
}

function updateItems({ update, language }: TrayFacts, acts: TrayActs): Item[] {
  if (update === null) return [];
  const label = { zh: `重新启动以更新到 ${update}`, en: `Restart to update to ${update}` }[language];
  return [{ label: plainLabel(label), click: () => acts.installUpdate() }];
}
