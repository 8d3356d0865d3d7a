import type { Brand, LoginStep } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

export const brands: Record<Brand, Words> = {
  feishu: words('飞书', 'Feishu'),
  lark: words('Lark（国际版）', 'Lark (international)'),
};

export const addTexts = {
  title: words('添加账号', 'Add an account'),
  recommended: words('推荐', 'Recommended'),
  knownApp: (app: string) => words(`用已有的应用登录：${app}`, `Sign in with an app that is here: ${app}`),
  knownAppHint: words('扫一次码，什么都不用输入。', 'One scan, nothing typed.'),
  create: words('为我创建应用', 'Create my app'),
  createHint: words(
    '扫两次码，什么都不用输入：一次创建你自己的应用，一次登录。不需要开发者后台。',
    'Two scans, nothing typed: one creates an app of your own, one signs you in. No developer console.',
  ),
  own: words('用我自己的应用', 'Use an app I have'),
  ownHint: words(
    '输入开发者后台里的 App ID 和 App Secret，然后扫码或在浏览器里登录。',
    'Enter the App ID and App Secret from the developer console, then sign in by a scan or in the browser.',
  ),
  token: words('粘贴 user_access_token', 'Paste a user_access_token'),
  tokenHint: words(
    '只能用两小时，不会续期，之后要再粘贴一个。适合临时试用。',
    'Works for two hours and is not renewed; then you paste another. For a quick try.',
  ),
  back: words('选择其他方式', 'Choose another way'),

  brand: words('服务', 'Service'),
  brandHint: words('飞书和 Lark 互不相通。', 'Feishu and Lark share nothing.'),
  appName: words('应用名称（可不填）', 'Name of the app (optional)'),
  appNameHint: words(
    '会显示在飞书里。不填时由 LarkGate 取名。',
    'People see it in Feishu. LarkGate picks one when this is empty.',
  ),
  createFirst: words('第一步：创建应用', 'First scan: create the app'),
  createFirstHint: words(
    '用飞书扫码，在手机上确认应用的名称和权限。',
    'Scan with Feishu and confirm the app’s name and permissions on your phone.',
  ),
  createThen: words('第二步：登录', 'Second scan: sign in'),
  createThenHint: words(
    '再扫一次，同意让应用以你的身份工作。令牌加密保存在这台机器上。',
    'Scan once more and allow the app to work as you. Tokens stay on this machine, encrypted.',
  ),
  createAct: words('创建应用', 'Create the app'),

  appId: words('App ID', 'App ID'),
  appIdHint: words(
    '在开发者后台的“凭证与基础信息”里，以 cli_ 开头。',
    'In the developer console under “Credentials & Basic Info”; it begins with cli_.',
  ),
  appIdWrong: words(
    'App ID 以 cli_ 开头，后面是字母和数字。请从开发者后台完整复制。',
    'An App ID begins with cli_ followed by letters and digits. Copy all of it from the developer console.',
  ),
  appSecret: words('App Secret', 'App Secret'),
  appSecretHint: words(
    '立即向飞书核对，然后加密保存，不会再显示。',
    'Checked with Feishu at once, then kept encrypted and never shown again.',
  ),
  appSecretWrong: words('请完整粘贴 App Secret。', 'Paste all of the App Secret.'),
  addAppAct: words('核对并继续', 'Check and continue'),

  ways: (app: string) => words(`用 ${app} 登录`, `Sign in with ${app}`),
  device: words('扫码登录', 'Sign in by a scan'),
  deviceHint: words(
    '用手机扫码，或在任意浏览器里打开链接。不需要重定向 URL。',
    'Scan with your phone, or open a link in any browser. Needs no redirect URL.',
  ),
  browser: words('在这台电脑的浏览器里登录', 'Sign in in this computer’s browser'),
  browserHint: words(
    '打开授权页，同意后自动返回。需要先在应用里登记重定向 URL。',
    'Opens the consent page and comes back by itself. The app must list the redirect URL first.',
  ),
  redirectUrl: words('重定向 URL', 'Redirect URL'),
  redirectHint: words(
    '把它原样加到应用的“安全设置 → 重定向 URL”里，然后再登录。',
    'Add exactly this under “Security settings → Redirect URLs” of the app, then sign in.',
  ),
  browserAct: words('继续到授权页', 'Go on to the consent page'),

  tokenLabel: words('user_access_token', 'user_access_token'),
  tokenWrong: words(
    '这不是 user_access_token：它以 u- 或 eyJ 开头。请从 API 调试台完整复制。',
    'This is no user_access_token: one begins with u- or eyJ. Copy all of it from the API explorer.',
  ),
  tokenFieldHint: words(
    '立即向飞书核对，然后加密保存，不会再显示。',
    'Checked with Feishu at once, then kept encrypted and never shown again.',
  ),
  tokenAct: words('核对并登录', 'Check and sign in'),
};

const steps: Record<LoginStep, Words> = {
  create_app: words('创建应用', 'Create the app'),
  extend_app: words('给应用开通权限', 'Enable permissions on the app'),
  sign_in: words('登录', 'Sign in'),
};

export const loginTexts = {
  section: words('登录', 'Sign-in'),
  steps,
  /** The whole line, so that no language has to glue it together. */
  heading: (step: LoginStep, number: number, of: number) =>
    of === 1
      ? steps[step]
      : words(`第 ${number} 步，共 ${of} 步：${steps[step].zh}`, `Step ${number} of ${of}: ${steps[step].en}`),
  starting: words('正在向飞书要链接…', 'Asking Feishu for a link…'),
  scan: {
    create_app: words(
      '用手机上的飞书扫码，或打开链接，确认创建应用。',
      'Scan with Feishu on your phone, or open the link, and confirm the new app.',
    ),
    extend_app: words(
      '用手机上的飞书扫码，或打开链接，确认给应用增加的权限。',
      'Scan with Feishu on your phone, or open the link, and confirm what is added to the app.',
    ),
    sign_in: words(
      '用手机上的飞书扫码，或打开链接，同意让应用以你的身份工作。',
      'Scan with Feishu on your phone, or open the link, and allow the app to work as you.',
    ),
  } satisfies Record<LoginStep, Words>,
  inBrowser: words(
    '在这台电脑上打开授权页并同意。完成后这里会自动更新。',
    'Open the consent page on this computer and allow it. This page follows by itself.',
  ),
  open: words('在浏览器中打开', 'Open in browser'),
  qr: words('二维码，内容与“在浏览器中打开”的链接相同', 'QR code of the same link that “Open in browser” opens'),
  userCode: words('请核对页面上显示的代码', 'The page shows this code; compare it'),
  timeLeft: words('剩余时间', 'Time left'),
  expiring: words('即将过期', 'Expires soon'),
  expired: words('已过期，正在收尾…', 'Expired; finishing…'),
  cancel: words('取消登录', 'Cancel'),
  failed: words('没有登录', 'Not signed in'),
  unexplained: words('登录没有完成，没有保存任何内容。', 'The sign-in did not complete. Nothing was stored.'),
  retry: words('重试', 'Try again'),
  done: (name: string) => words(`${name} 已登录`, `${name} is signed in`),
  doneExtended: words('应用的权限已更新', 'The app has its new permissions'),
  next: words(
    '接下来：把这个地址和密钥填到 AI 客户端里，让它以你的身份使用飞书。',
    'Next: give an AI client this address and its key, and it works in Feishu as you.',
  ),
  connect: words('如何连接客户端', 'How to connect a client'),
};
