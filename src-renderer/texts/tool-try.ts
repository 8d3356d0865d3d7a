import { words } from './common.ts';

export const tryTexts = {
  title: words('试一试', 'Try it'),
  hint: words(
    '填写参数，先看看会发出什么请求，再真正执行。执行会像客户端的调用一样被记录。',
    'Fill in the arguments, look at the request that would be sent, then run it. It is recorded like a call of a client.',
  ),
  noArguments: words('这个工具不需要参数。', 'This tool takes no arguments.'),
  asForm: words('表单', 'Form'),
  asJson: words('JSON', 'JSON'),
  editAs: words('填写方式', 'Fill in as'),
  argumentsJson: words('参数（JSON）', 'Arguments (JSON)'),
  account: words('以谁的身份', 'Act as'),
  noAccount: words('还没有登录，只能预览请求。', 'Nobody is signed in, so requests can only be previewed.'),
  signIn: words('去登录', 'Sign in'),
  dryRun: words('预览请求', 'Preview the request'),
  run: words('执行', 'Run'),
  required: words('必填', 'Required'),
  notANumber: words('请输入数字', 'Enter a number'),
  notAnInteger: words('请输入整数', 'Enter a whole number'),
  notJson: words('这里不是合法的 JSON', 'This is not valid JSON'),
  notAnObject: words('参数必须是一个 JSON 对象，例如 {}', 'The arguments must be a JSON object, such as {}'),
  doesNotFit: words('不符合要求，原因见下方', 'This does not fit; the reason is below'),
  correct: (count: number) =>
    words(
      `有 ${count} 处需要改正，然后再试。`,
      `Correct ${count} ${count === 1 ? 'field' : 'fields'}, then try again.`,
    ),
  notSet: words('（不填）', '(not set)'),
  yes: words('是', 'Yes'),
  no: words('否', 'No'),
  fieldCount: (count: number) => words(`${count} 个字段`, `${count} ${count === 1 ? 'field' : 'fields'}`),
  isRequired: words('必填', 'required'),
  json: words('写成 JSON', 'Written as JSON'),
  pick: (name: string) => words(`为 ${name} 选择时间`, `Pick a time for ${name}`),
  pickDay: (name: string) => words(`为 ${name} 选择日期`, `Pick a day for ${name}`),
  addTo: (name: string) => words(`给 ${name} 加一项`, `Add to ${name}`),
  itemOf: (name: string, number: number) => words(`${name} 第 ${number} 项`, `${name}, item ${number}`),
  remove: words('移除', 'Remove'),
  removeItem: (name: string, number: number) =>
    words(`移除 ${name} 第 ${number} 项`, `Remove item ${number} of ${name}`),
  emptyList: words('还没有内容', 'Nothing in it yet'),
  whole: words('显示全部', 'Show all'),
  less: words('收起', 'Show less'),

  preview: words('会发出的请求', 'The request that would be sent'),
  previewHint: words(
    '什么都没有发出。令牌会在发送时加上，不会显示。',
    'Nothing was sent. The token is added on the way and never shown.',
  ),
  more: words(
    '之后还会有其他请求，内容取决于这一个的回答。',
    'More requests follow; what they are depends on the answer to this one.',
  ),
  query: words('查询参数', 'Query'),
  body: words('请求体', 'Body'),
  form: words('请求体（表单）', 'Body (form)'),
  request: words('请求', 'request'),

  confirmTitle: (title: string) => words(`执行“${title}”？`, `Run “${title}”?`),
  confirmWrite: (who: string) =>
    words(
      `这会以 ${who} 的身份真正修改飞书里的内容，其他人可能立即看到。`,
      `This really changes something in Feishu as ${who}, and others may see it at once.`,
    ),
  confirmDestructive: (who: string) =>
    words(
      `这会以 ${who} 的身份在飞书里删除或覆盖内容，LarkGate 无法撤销。`,
      `This deletes or overwrites something in Feishu as ${who}. LarkGate cannot undo it.`,
    ),
  confirmAct: words('执行', 'Run it'),

  result: words('结果', 'Result'),
  succeeded: words('成功', 'Done'),
  failed: words('出错', 'Failed'),
  took: (span: string) => words(`耗时 ${span}`, `Took ${span}`),
  resultText: words('结果', 'result'),
  cut: (shown: string, all: string) =>
    words(
      `只显示前 ${shown} 个字符，共 ${all} 个；复制会得到全部。`,
      `Shows the first ${shown} of ${all} characters; copying gives all.`,
    ),
  seeCall: words('查看调用记录', 'See it among the calls'),
  logId: (id: string) => words(`飞书日志 ID ${id}`, `Feishu log id ${id}`),
  link: words('打开链接', 'Open the link'),
};
