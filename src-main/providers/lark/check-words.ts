import type { Words } from '../../contract/words.ts';

const say = (zh: string, en: string): Words => ({ zh, en });

/** What the doctor says. Each sentence that is not good news ends with what to do. */
export const checkWords = {
  credentials: { ok: say('App ID 和 App Secret 正确。', 'The App ID and App Secret are right.') },
  enabled: {
    ok: say('应用已启用。', 'The app is enabled.'),
    off: say(
      '应用未安装或未启用，没有人能登录。请在“版本管理与发布”中发布版本，并请管理员通过审核、启用应用。',
      'The app is not installed or not enabled, so nobody can sign in. Publish a version under Version Management & Release, and ask an administrator to approve and enable it.',
    ),
    unknown: say(
      '无法读取应用的启用状态。如果登录时提示应用未启用，请在“版本管理与发布”中发布版本，并请管理员启用。',
      'Whether the app is enabled cannot be read. If signing in says it is not, publish a version under Version Management & Release and ask an administrator to enable it.',
    ),
  },
  redirectUrl: {
    ok: say('重定向 URL 已登记。', 'The redirect URL is registered.'),
    missing: (url: string) =>
      say(
        `重定向 URL 没有登记，用浏览器登录会失败（20029）。请在“安全设置”的“重定向 URL”中添加 ${url}，保存后立即生效；扫码登录不需要它。`,
        `The redirect URL is not registered, so signing in with the browser fails (20029). Add ${url} to the redirect URLs under Security Settings; it works at once. Signing in by a scan needs none.`,
      ),
    unknown: (url: string) =>
      say(
        `无法读取已登记的重定向 URL。如果用浏览器登录时提示 20029，请在“安全设置”的“重定向 URL”中添加 ${url}。`,
        `The registered redirect URLs cannot be read. If signing in with the browser shows 20029, add ${url} to the redirect URLs under Security Settings.`,
      ),
  },
  refreshSwitch: {
    ok: say('“刷新 user_access_token”已打开。', '"Refresh user_access_token" is on.'),
    off: say(
      '“刷新 user_access_token”没有打开，每两小时就要重新登录。请在“安全设置”中打开它，并发布版本。',
      '"Refresh user_access_token" is off, so you would have to sign in every two hours. Turn it on under Security Settings and publish a version.',
    ),
    unknown: say(
      '无法读取“刷新 user_access_token”开关。如果“安全设置”中有这个开关，请打开它，并发布版本。',
      'The switch "Refresh user_access_token" cannot be read. If Security Settings shows it, turn it on and publish a version.',
    ),
  },
  scopes: {
    ok: (count: number) =>
      say(`需要的 ${count} 个权限都已开通。`, `All ${count} permissions that are asked for are enabled.`),
    missing: (missing: readonly string[]) =>
      say(
        `还有 ${missing.length} 个权限没有开通：${missing.join('、')}。请打开链接开通（用户身份）；需要审核的权限在发布版本后生效。`,
        `${missing.length} permissions are not enabled: ${missing.join(', ')}. Open the link to enable them for users; those that need a review work after a version is published.`,
      ),
    noOfflineAccess: (missing: readonly string[]) =>
      say(
        `没有开通 offline_access，登录两小时后就会失效，无法续期。请打开链接开通缺少的 ${missing.length} 个权限：${missing.join('、')}。`,
        `offline_access is not enabled, so a sign-in ends after two hours and cannot be renewed. Open the link to enable the ${missing.length} missing permissions: ${missing.join(', ')}.`,
      ),
    unknown: say(
      '无法读取应用已开通的权限。如果登录时提示 20027，请打开链接开通所列权限（用户身份）。',
      'The permissions that the app has enabled cannot be read. If signing in shows 20027, open the link to enable the listed ones for users.',
    ),
  },
  version: {
    ok: say('应用已发布版本。', 'A version of the app is published.'),
    never: say(
      '应用还没有发布过版本，配置没有生效。请在“版本管理与发布”中创建并发布版本。',
      'No version of the app was ever published, so its configuration is not in force. Create and publish one under Version Management & Release.',
    ),
    inReview: say(
      '有一个版本正在等待审核，其中的改动还没有生效。请管理员在管理后台审核。',
      'A version is waiting for review, so its changes are not in force yet. Ask an administrator to approve it.',
    ),
    unknown: say(
      '无法读取应用的版本状态。改动配置后，请在“版本管理与发布”中确认已发布。',
      'The state of the app version cannot be read. After a change of configuration, make sure that it is published under Version Management & Release.',
    ),
  },
  selfManage: {
    ok: say('应用可以读取自己的配置。', 'The app may read its own configuration.'),
    missing: (scope: string) =>
      say(
        `应用不能读取自己的配置，所以有几项无法检查。想要完整检查，请打开链接开通 ${scope}（应用身份），然后重新检查；不开通也能登录。`,
        `The app may not read its own configuration, so some things could not be checked. For a full check open the link, enable ${scope} for the app, and run the check again; signing in works without it.`,
      ),
  },
};
