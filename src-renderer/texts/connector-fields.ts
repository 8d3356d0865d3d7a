import { counted, field, type FieldWords } from './field-words.ts';

const host = '只在测试替身或专有部署时改；密钥会发往这里。';
const hostEn = 'Change it only for a stand-in or a deployment of your own; secrets are sent there.';

/** Settings of what is connected besides Feishu. */
export const connectorFields: Record<string, FieldWords> = {
  'dingtalk.enabled': field(
    '启用钉钉文档',
    'DingTalk documents',
    '应用密钥由环境变量 DINGTALK_APP_SECRET 给出。',
    'The app’s secret comes from the environment: DINGTALK_APP_SECRET.',
  ),
  'dingtalk.appKey': field('应用 AppKey', 'App key', '来自钉钉开发者后台。', 'From DingTalk’s developer console.'),
  'dingtalk.tenantId': field(
    '企业 corpId',
    'Organization (corpId)',
    '只用来显示。',
    'Shown to people, and not needed otherwise.',
  ),
  'dingtalk.operatorId': field(
    '操作人 unionId',
    'Person (unionId)',
    '以谁的身份读写文档，钉钉要求必填。',
    'In whose name documents are read and written; DingTalk demands one.',
  ),
  'dingtalk.operatorUserId': field(
    '操作人 userId',
    'Person (userId)',
    '没有 unionId 时填这个。',
    'Of the same person, where the unionId is not at hand.',
  ),
  'dingtalk.defaultSpaceId': field(
    '默认知识库',
    'Default space',
    '没有指明位置的文档放在这里，留空则放在操作人自己的文档里。',
    'Where documents go that name none; the person’s own documents when empty.',
  ),
  'dingtalk.maxCallsPerTool': field(
    '一次工具调用最多请求数',
    'Requests per tool call',
    '计入企业每月的额度。',
    'They count against the organization’s monthly quota.',
  ),
  'dingtalk.monthlyBudget': field(
    '每月请求预算',
    'Requests a month',
    '用到五分之四时提醒。',
    'A warning is shown at four fifths of it.',
  ),
  'dingtalk.callsPerSecond': field(
    '每秒请求数',
    'Requests a second',
    '钉钉每个应用允许 20 次。',
    'DingTalk allows an app 20.',
  ),
  'dingtalk.readVersion': field(
    '读取版本号',
    'Read version numbers',
    '每次更新多花两个请求。',
    'Costs two more requests per update.',
  ),
  'dingtalk.tokenCacheTtl': counted(
    'seconds',
    field('应用令牌最长使用', 'Use an app token for', '单位：秒。', 'In seconds.'),
  ),
  'dingtalk.baseUrl': field('钉钉接口地址', 'Address of DingTalk', host, hostEn),
  'dingtalk.oapiBaseUrl': field('钉钉旧版接口地址', 'Address of DingTalk’s older interface', host, hostEn),
  'psm.enabled': field(
    '启用内网服务查询',
    'Intranet services',
    'CAS 会话由环境变量 CAS_SESSION 给出。',
    'The CAS session comes from the environment: CAS_SESSION.',
  ),
  'psm.authUrl': field('身份服务地址', 'Address of the identity service', host, hostEn),
  'psm.regions': field('服务注册中心', 'Service registries', '按优先顺序。', 'The preferred one first.'),
  'psm.requestMs': counted('ms', field('一次请求最长', 'A request lasts at most', '单位：毫秒。', 'In milliseconds.')),
  'psm.totalMs': counted(
    'ms',
    field(
      '一次查询最长',
      'A search lasts at most',
      '包括所有重试，单位：毫秒。',
      'With all its repeats, in milliseconds.',
    ),
  ),
  'psm.retries': field('重试次数', 'Repeats', '失败后再试几次。', 'How often a failed request is tried again.'),
  'psm.cacheTtl': counted('seconds', field('结果缓存', 'Keep answers for', '单位：秒。', 'In seconds.')),
  'psm.connections': field('连接数', 'Connections', '同时打开的上限。', 'Open at once, in all.'),
  'psm.callsPerSecond': field('每秒请求数', 'Requests a second', '对所有注册中心合计。', 'To all registries together.'),
};
