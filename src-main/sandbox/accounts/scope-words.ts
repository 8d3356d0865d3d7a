import type { Language, Words } from '../../contract/words.ts';
import { escape } from './page.ts';

const domains: Record<string, Words> = {
  approval: { zh: '审批', en: 'approvals' },
  attendance: { zh: '考勤', en: 'attendance' },
  base: { zh: '多维表格', en: 'bases' },
  bitable: { zh: '多维表格', en: 'bases' },
  board: { zh: '画板', en: 'whiteboards' },
  calendar: { zh: '日历与日程', en: 'calendars and events' },
  contact: { zh: '通讯录', en: 'contacts' },
  docs: { zh: '云文档', en: 'cloud documents' },
  docx: { zh: '文档', en: 'documents' },
  drive: { zh: '云空间文件', en: 'files in Drive' },
  im: { zh: '消息与群组', en: 'messages and chats' },
  mail: { zh: '邮箱', en: 'mail' },
  minutes: { zh: '妙记', en: 'minutes' },
  okr: { zh: 'OKR', en: 'OKRs' },
  sheets: { zh: '电子表格', en: 'spreadsheets' },
  slides: { zh: '幻灯片', en: 'slides' },
  space: { zh: '云空间', en: 'Drive folders' },
  task: { zh: '任务', en: 'tasks' },
  vc: { zh: '视频会议', en: 'meetings' },
  wiki: { zh: '知识库', en: 'wikis' },
};

const readOnly = /:(read|readonly|retrieve|search|get_as_user)$/;

const nothing: Words = { zh: '仅获取你的基本身份信息', en: 'Only know who you are' };

/** Scopes as a list that people can read. */
export function scopeList(scopes: readonly string[], language: Language): string {
  const lines = describeScopes(scopes).map(
    (line) => `<li>${escape(line.words[language])}<br><small>${escape(line.scopes.join(' '))}</small></li>`,
  );
  return `<ul>${lines.join('') || `<li>${nothing[language]}</li>`}</ul>`;
}

/** Scopes in words, one line for all that come to the same. */
function describeScopes(scopes: readonly string[]): { words: Words; scopes: string[] }[] {
  const lines = new Map<string, { words: Words; scopes: string[] }>();
  for (const scope of scopes) {
    const words = describeScope(scope);
    const line = lines.get(words.en) ?? { words, scopes: [] };
    line.scopes.push(scope);
    lines.set(words.en, line);
  }
  return [...lines.values()];
}

export function describeScope(scope: string): Words {
  if (scope === 'offline_access') return { zh: '在你离开后继续保持登录', en: 'Stay signed in while you are away' };
  const [first = ''] = scope.split(':', 1);
  if (first === 'search') return { zh: '搜索你能看到的内容', en: 'Search what you can see' };
  const domain = domains[first] ?? { zh: scope, en: scope };
  return readOnly.test(scope)
    ? { zh: `查看你的${domain.zh}`, en: `See your ${domain.en}` }
    : { zh: `查看和更改你的${domain.zh}`, en: `See and change your ${domain.en}` };
}
