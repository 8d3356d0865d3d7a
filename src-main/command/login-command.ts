import { Fault } from '../base/fault.ts';
import type { LoginOptions } from '../cli.ts';
import type { Snapshot } from '../contract/control.ts';
import type { AccountView, AppView, LoginView } from '../contract/views.ts';
import { chooseAccount } from './choose-account.ts';
import { type FollowParts, failureOf, followLogin } from './follow-login.ts';
import { requireKept } from './require-kept.ts';

/** `larkgate login`: signs a person in, in whichever way was asked for. Rejects with the login's fault when it fails. */
export async function loginCommand(options: LoginOptions, parts: FollowParts): Promise<void> {
  const { link } = parts;
  if (options.way === 'token') return report(await pasteToken(options, parts), parts);
  const snapshot = await link.call('snapshot', {});
  const login = await followLogin(await begin(options, snapshot, parts), parts);
  const account = await finished(login, parts);
  if (login.state === 'done' && account) return report(account, parts);
  throw failureOf(login);
}

async function begin(options: LoginOptions, snapshot: Snapshot, { link, terminal }: FollowParts): Promise<LoginView> {
  const { account: who, scopes } = options;
  const way = options.way === 'browser' ? 'browser' : 'device';
  if (who !== undefined) {
    const { id: accountId } = chooseAccount(snapshot.accounts, who);
    return (await link.call('login', { way, accountId, scopes })).login;
  }
  const app = appFor(options, snapshot.apps);
  if (app) return (await link.call('login', { way, appId: app.id, scopes })).login;
  if (options.way === 'browser') throw new Fault('app_missing', { words: noRedirect });
  terminal.say(createsFirst);
  return (await link.call('createApp', { brand: options.brand ?? 'feishu' })).login;
}

/** The app to sign in to; undefined where one is to be created. Throws `app_missing` for one that is not known. */
export function appFor({ appId, brand }: Pick<LoginOptions, 'appId' | 'brand'>, apps: AppView[]): AppView | undefined {
  if (appId !== undefined) {
    const named = apps.find(({ id }) => id === appId);
    if (named) return named;
    throw new Fault('app_missing', {
      words: {
        zh: `还不认识应用 ${appId}。先运行 larkgate app add ${appId}。`,
        en: `The app ${appId} is not known yet. Run larkgate app add ${appId} first.`,
      },
    });
  }
  const candidates = brand === undefined ? apps : apps.filter((app) => app.brand === brand);
  return candidates.find(({ isDefault }) => isDefault) ?? candidates[0];
}

async function finished(login: LoginView, { link }: FollowParts): Promise<AccountView | undefined> {
  const { accounts } = await link.call('snapshot', {});
  return accounts.find(({ id }) => id === login.accountId);
}

async function pasteToken({ brand = 'feishu' }: LoginOptions, { link, terminal }: FollowParts): Promise<AccountView> {
  const token = await terminal.secret({ zh: '粘贴 user_access_token', en: 'user_access_token' });
  const { account } = await link.call('addToken', { token, brand });
  terminal.say({
    zh: '这个令牌两小时后失效，不能自动续期。',
    en: 'This token ends within two hours and is not renewed.',
  });
  return account;
}

async function report(account: AccountView, { link, terminal }: FollowParts): Promise<void> {
  await requireKept(link);
  terminal.result({ account }, '');
  terminal.say({
    zh: `已登录：${account.name}（${account.id}）`,
    en: `Signed in: ${account.name} (${account.id})`,
  });
  if (account.missingScopes.length === 0) return;
  const list = account.missingScopes.join(' ');
  terminal.say({
    zh: `没有授予的权限：${list}。用到时会给出授权链接。`,
    en: `Not granted: ${list}. A link to grant them appears when they are needed.`,
  });
}

const createsFirst = {
  zh: '还没有飞书应用。第一次扫码创建你自己的应用，第二次扫码登录，全程不用输入。',
  en: 'There is no app yet. The first scan creates your own, the second one signs you in. Nothing to type.',
};

const noRedirect = {
  zh: '还没有飞书应用。先运行 larkgate app add APP_ID，或去掉 --browser，扫码创建一个。',
  en: 'There is no app yet. Run larkgate app add APP_ID first, or leave out --browser to create one by a scan.',
};
