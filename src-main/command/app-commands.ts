import type { AppAction } from '../cli.ts';
import type { AppView, Brand } from '../contract/views.ts';
import type { CommandParts } from './account-commands.ts';
import { type FollowParts, failureOf, followLogin } from './follow-login.ts';

export interface AppRequest {
  action: AppAction;
  /** An app id. */
  subject: string | undefined;
  title: string | undefined;
  brand: Brand;
}

/** `larkgate app`. */
export async function appCommand({ action, subject, title, brand }: AppRequest, parts: FollowParts): Promise<void> {
  const { link, terminal } = parts;
  const appId = subject ?? '';
  switch (action) {
    case 'list':
      break;
    case 'create':
      return createApp({ brand, ...(title !== undefined && { name: title }) }, parts);
    case 'add': {
      const appSecret = secretFromEnvironment(appId) ?? (await terminal.secret({ zh: 'App Secret', en: 'app secret' }));
      await link.call('addApp', { appId, appSecret, brand });
      break;
    }
    case 'default':
      await link.call('setDefaultApp', { appId });
      break;
    case 'forget':
      await link.call('forgetApp', { appId });
      break;
  }
  await listApps(parts);
}

/** The environment's secret belongs to the environment's app and to no other. */
function secretFromEnvironment(appId: string): string | undefined {
  const { FEISHU_APP_ID: id, FEISHU_APP_SECRET: secret } = process.env;
  return id?.trim() === appId ? secret : undefined;
}

/** Creates an app and signs in to it: without a person the app would be of no use. */
async function createApp(input: { brand: Brand; name?: string }, parts: FollowParts): Promise<void> {
  const { link, terminal } = parts;
  const login = await followLogin((await link.call('createApp', input)).login, parts);
  if (login.appId !== null) {
    const { apps } = await link.call('snapshot', {});
    const app = apps.find(({ id }) => id === login.appId);
    if (app) terminal.result({ app }, lineOf(app));
  }
  if (login.state !== 'done') throw failureOf(login);
}

async function listApps({ link, terminal }: CommandParts): Promise<void> {
  const { apps } = await link.call('snapshot', {});
  terminal.result({ apps }, apps.map((app) => lineOf(app)).join('\n'));
  if (apps.length === 0)
    terminal.say({ zh: '还没有应用。运行 larkgate app create。', en: 'No app yet. Run larkgate app create.' });
}

function lineOf({ id, name, brand, origin, isDefault }: AppView): string {
  return [id, name ?? '', brand, origin, isDefault ? '*' : '']
    .map((field) => field.replaceAll(/\s+/g, ' '))
    .join('\t')
    .trimEnd();
}
