import type { Words } from '../../contract/words.ts';

/** What an error code of the open platform asks for. */
export type Meaning =
  /** The access token is not good; another may be. */
  | 'token'
  /** The sign-in itself is over. */
  | 'sign_in'
  /** The person has not granted a permission. */
  | 'scope'
  /** The app has not enabled a permission. */
  | 'app_scope'
  /** Refused for now; nothing was done. */
  | 'busy'
  /** Somebody else is writing there; nothing was done. */
  | 'contended'
  /** Feishu failed; whether anything was done is not known. */
  | 'failed'
  | 'quota'
  | 'credentials'
  | 'app_unavailable'
  /** The request will not work as it is. */
  | 'refused';

interface LarkCode {
  means: Meaning;
  /** What to do, where the table of faults cannot say it. */
  words?: Words;
}

const say = (zh: string, en: string): LarkCode => ({ means: 'refused', words: { zh, en } });

/** Feishu docs, "Generic error codes", and the codes of single services that a gateway must know. */
const table: Record<number, LarkCode> = {
  99991661: { means: 'token' },
  99991663: { means: 'token' },
  99991664: { means: 'token' },
  99991665: { means: 'token' },
  99991668: { means: 'token' },
  99991671: { means: 'token' },
  99991677: { means: 'token' },
  99991669: { means: 'sign_in' },

  99991676: { means: 'scope' },
  99991679: { means: 'scope' },
  230027: { means: 'scope' },
  99991672: { means: 'app_scope' },
  99991543: { means: 'credentials' },
  99991662: { means: 'app_unavailable' },
  99991673: { means: 'app_unavailable' },
  99991401: say(
    '本机的出口 IP 不在该应用的 IP 白名单内，请管理员在开发者后台添加。',
    "This machine's IP address is not on the app's allow-list. Ask an administrator to add it in the developer console.",
  ),

  99991400: { means: 'busy' },
  11232: { means: 'busy' },
  11233: { means: 'busy' },
  11247: { means: 'busy' },
  230020: { means: 'busy' },
  1000004: { means: 'busy' },
  1000005: { means: 'busy' },
  99991403: { means: 'quota' },

  131009: { means: 'contended' },
  1061045: { means: 'contended' },
  1500: { means: 'failed' },
  1663: { means: 'failed' },
  2200: { means: 'failed' },
  5000: { means: 'failed' },

  99992402: say('飞书不接受某些字段，见 details.fields。', 'Feishu does not accept some fields; see details.fields.'),
  99992351: say(
    '这个 open_id 不存在或对你不可见。open_id 因应用而异，请用 union_id 或重新搜索此人。',
    'This open_id does not exist or is not visible to you. An open_id belongs to one app: use a union_id or search for the person again.',
  ),
  99992361: say(
    '这个 open_id 属于别的应用。请用 union_id 或重新搜索此人。',
    'This open_id belongs to another app. Use a union_id or search for the person again.',
  ),
  230011: say('这条消息已被撤回。', 'This message was recalled.'),
  231003: say('这条消息已被删除。', 'This message was deleted.'),
  193103: say('时间范围超过 40 天，请分段查询。', 'The time range is longer than 40 days. Query it in parts.'),
  193104: say('结果超过 1000 个日程，请缩短时间范围。', 'More than 1000 events. Shorten the time range.'),
  1063006: say('今天申请权限的次数已用完（每天 5 次）。', 'The permission requests of today are used up (5 a day).'),
  1064510: say('不支持跨企业操作。', 'This does not work across organizations.'),
  1064511: say('不支持在飞书与 Lark 之间操作。', 'This does not work between Feishu and Lark.'),
  1310201: say('找不到这个电子表格。', 'There is no such spreadsheet.'),
  1310246: say('浮动图片的尺寸不正确。', 'The size of the floating image is not valid.'),
  2091003: say('妙记还在处理中，请稍后再试。', 'The minutes are still being processed. Try again later.'),
  2091005: say('你没有阅读这篇妙记的权限。', 'You may not read these minutes.'),
};

const asBotOnly = say(
  '这个接口不接受用户身份，只能由应用调用，因此不能以你的身份使用。',
  'This API takes no user identity, only that of an app, so it cannot be used as you.',
);

/** What an answer's `code` asks for. `msg` matters for one code only, which has two meanings. */
export function meaningOf(code: number, msg: string): LarkCode {
  if (code === 99991668 && /not support/i.test(msg)) return asBotOnly;
  return table[code] ?? { means: 'refused' };
}
