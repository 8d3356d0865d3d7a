import { words } from './common.ts';
import { connectorFields } from './connector-fields.ts';
import { counted, field, type FieldWords } from './field-words.ts';

const brands = {
  feishu: words('飞书 feishu.cn', 'Feishu, feishu.cn'),
  lark: words('Lark larksuite.com', 'Lark, larksuite.com'),
};
const standIn = '只在私有部署或测试替身时填写；令牌会发往这里。';
const standInEn = 'Only for a private deployment or a stand-in; tokens are sent there.';

/** By path. A setting that is not here is shown under its own name. */
export const settingFields: Record<string, FieldWords> = {
  'server.port': field('端口', 'Port', '客户端连接的端口。', 'Where clients connect.'),
  'server.paused': field(
    '暂停',
    'Paused',
    '网关照常应答，但不执行任何工具。',
    'The gateway answers, and runs no tool.',
  ),
  'server.keys': field(
    '要求客户端密钥',
    'Clients must prove their key',
    '关闭后，这台机器上的任何程序都能以你的身份使用飞书。',
    'Without it any program on this machine can work in Feishu as you.',
  ),
  'server.keyInPath': field(
    '允许地址中带密钥',
    'Key as a part of the address',
    '给不能发送请求头的客户端；地址可能被记入它们的日志。',
    'For clients that cannot send headers; they may write the address to their logs.',
  ),
  'server.origins': field(
    '允许的网页来源',
    'Web pages that may call',
    '这些网页里的脚本可以带密钥连接网关，例如 http://localhost:6274。',
    'Scripts of these pages may connect with a key, such as http://localhost:6274.',
  ),
  'limits.perSession': field(
    '每个会话每分钟',
    'A minute, per session',
    '一个客户端连接的请求数。',
    'Requests of one connected client.',
  ),
  'limits.perAddress': field(
    '每个地址每分钟',
    'A minute, per address',
    '同一台机器所有会话加起来。',
    'Requests of all sessions of one machine.',
  ),
  'limits.sessions': field(
    '会话数',
    'Sessions',
    '同时存在的会话上限，超过后最久未用的会结束。',
    'At once; beyond it the longest unused one ends.',
  ),
  'limits.sseStreams': field('旧版 SSE 连接数', 'Older SSE connections', '同时打开的 SSE 连接上限。', 'Open at once.'),
  'limits.batch': field(
    '一批请求数',
    'Requests in a batch',
    '一次发来的 JSON-RPC 请求最多几个。',
    'JSON-RPC requests that may come in one piece.',
  ),
  'limits.bodyBytes': counted(
    'bytes',
    field('请求大小', 'Size of a request', '客户端一次能发送多少。', 'What a client may send at once.'),
  ),
  'limits.queueBytes': counted(
    'bytes',
    field(
      '待发送缓冲',
      'Waiting for a slow client',
      '客户端不读取时，最多替它保留多少。',
      'Kept for a client that does not read its stream.',
    ),
  ),
  'limits.replayBytes': counted(
    'bytes',
    field(
      '断线重放',
      'Kept for replay',
      '每个会话保留多少已发事件，断线后补发。',
      'Past events kept per session, sent again after a dropped stream.',
    ),
  ),
  'limits.answerBytes': counted(
    'bytes',
    field('飞书回答大小', 'Size of an answer', '从飞书一次最多读多少。', 'Read from Feishu at most.'),
  ),
  'limits.resultBytes': counted(
    'bytes',
    field(
      '工具结果大小',
      'Size of a result',
      '给模型的一次结果，超出部分会截断。',
      'Text of one tool result; the rest is cut off.',
    ),
  ),
  'limits.callMs': counted(
    'ms',
    field('一次调用最长', 'A call lasts at most', '包括所有重试。', 'With all its retries.'),
  ),
  'limits.upstreamMs': counted(
    'ms',
    field('等待飞书最长', 'Wait for Feishu at most', '一次请求。', 'For one request.'),
  ),
  'limits.idleMs': counted(
    'ms',
    field('会话闲置多久结束', 'Unused sessions end after', '没有任何请求的会话。', 'Sessions without any request.'),
  ),
  'limits.graceMs': counted(
    'ms',
    field(
      '断线后保留多久',
      'Kept after a lost stream',
      '没有事件流的会话等客户端回来的时间。',
      'How long a session without a stream waits for its client.',
    ),
  ),
  'tools.enabled': field('列出的工具', 'Listed tools', '预设和工具的名字。', 'Names of presets and tools.'),
  'tools.folders': field(
    '工具可用的文件夹',
    'Folders for files',
    '上传和下载文件的工具只能用这些文件夹；没写路径的文件放在第一个里。',
    'Tools that upload and download may use only these; a file without a path is in the first.',
  ),
  'tools.language': {
    ...field(
      '工具语言',
      'Language of tools',
      '工具的标题、说明和给模型的错误信息。',
      'Titles, descriptions, and errors that models read.',
    ),
    choices: { zh: words('简体中文', '简体中文'), en: words('English', 'English') },
  },
  'tools.nameCase': {
    ...field(
      '工具名写法',
      'Form of tool names',
      '客户端看到的名字。改动后客户端里已授权的工具要重新授权。',
      'As clients see them. After a change, clients ask again for tools that you allowed before.',
    ),
    choices: {
      snake: words('im_v1_chat_list', 'im_v1_chat_list'),
      camel: words('imV1ChatList', 'imV1ChatList'),
      kebab: words('im-v1-chat-list', 'im-v1-chat-list'),
      dot: words('im.v1.chat.list', 'im.v1.chat.list'),
    },
  },
  'lark.appId': field(
    '应用 App ID',
    'App ID',
    '来自开发者后台的应用，密钥由环境变量给出。通常在“账号”页添加即可。',
    'An app from the developer console, its secret in the environment. Usually one adds apps on the Accounts page.',
  ),
  'lark.brand': {
    ...field('该应用属于', 'Its service', '飞书和 Lark 互不相通。', 'Feishu and Lark share nothing.'),
    choices: brands,
  },
  'lark.openUrl': field('飞书开放平台地址', 'Address of Feishu’s open platform', standIn, standInEn),
  'lark.accountsUrl': field('飞书登录地址', 'Address of Feishu’s sign-in', standIn, standInEn),
  'lark.larkOpenUrl': field('Lark 开放平台地址', 'Address of Lark’s open platform', standIn, standInEn),
  'lark.larkAccountsUrl': field('Lark 登录地址', 'Address of Lark’s sign-in', standIn, standInEn),
  'lark.tokenEndpoint': {
    ...field('令牌接口', 'Token endpoint', '私有部署较旧时选 v2。', 'Choose v2 for older private deployments.'),
    choices: { v3: words('v3（新）', 'v3 (newer)'), v2: words('v2（旧）', 'v2 (older)') },
  },
  'lark.scopes': field(
    '登录时请求的权限',
    'Permissions asked for at sign-in',
    '留空时请求应用已开通的常用权限，其他的用到时再问。',
    'When empty, the common ones that the app has enabled; others are asked for when a call needs them.',
  ),
  'network.proxyFromEnvironment': field(
    '使用系统代理变量',
    'Follow the proxy variables',
    '按 HTTP_PROXY、HTTPS_PROXY、NO_PROXY 连接飞书；本机地址总是直连。',
    'HTTP_PROXY, HTTPS_PROXY and NO_PROXY on the way to Feishu; this machine is always direct.',
  ),
  'network.extraCa': field(
    '额外信任的证书',
    'Extra certificates to trust',
    'PEM 文件的完整路径，公司代理解密流量时需要。',
    'Full path of a PEM file; needed where a company proxy opens traffic.',
  ),
  'records.days': field('保留天数', 'Days kept', '更早的调用记录会删除。', 'Older records are deleted.'),
  'records.calls': field('最多保留', 'Calls kept at most', '超过后删除最早的。', 'Beyond it the oldest are deleted.'),
  'log.level': {
    ...field(
      '日志详细程度',
      'Log level',
      '排查问题时用 debug。日志里没有令牌和参数内容。',
      'Use debug to find a fault. No log holds tokens or the content of arguments.',
    ),
    choices: {
      debug: words('debug：全部', 'debug: everything'),
      info: words('info：平常', 'info: as usual'),
      warn: words('warn：只有警告和错误', 'warn: warnings and errors'),
      error: words('error：只有错误', 'error: errors only'),
      silent: words('silent：不写', 'silent: nothing'),
    },
  },
  'log.megabytes': field(
    '单个日志文件（MB）',
    'Size of a log file (MB)',
    '写满后换新文件。',
    'A new one begins when it is full.',
  ),
  'log.files': field('保留日志文件数', 'Log files kept', '更早的会删除。', 'Older ones are deleted.'),
  ...connectorFields,
};
