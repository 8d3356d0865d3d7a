import { createHash } from 'node:crypto';
import type { Language, Words } from '../../contract/words.ts';
import { people, tenants } from '../company/people.ts';
import type { Answer } from '../wire/envelope.ts';
import type { AuthorizeProblem, AuthorizeRequest } from './authorize-request.ts';
import { describeScopes } from './scope-words.ts';

const words = {
  title: { zh: '授权登录', en: 'Sign in' },
  sandbox: {
    zh: '飞书沙箱 · 仅供演示，数据都是虚构的',
    en: 'Feishu sandbox · for demonstration only, all data is made up',
  },
  asks: { zh: 'LarkGate 演示应用申请以你的身份：', en: 'The LarkGate demo app asks to act as you:' },
  nothing: { zh: '仅获取你的基本身份信息', en: 'Only know who you are' },
  who: { zh: '选择账号', en: 'Choose an account' },
  allow: { zh: '授权', en: 'Authorize' },
  deny: { zh: '取消', en: 'Cancel' },
  returns: { zh: '完成后返回', en: 'Afterwards you return to' },
  problem: { zh: '无法继续授权', en: 'Cannot go on' },
  code: { zh: '错误码', en: 'Error code' },
  other: { zh: 'English', en: '中文' },
} as const satisfies Record<string, Words>;

const css = `
:root{color-scheme:light dark;--line:#d0d3d8;--soft:#646a73;--accent:#1456f0;--card:#fff;--page:#f2f3f5}
@media(prefers-color-scheme:dark){:root{--line:#43464d;--soft:#a8adb5;--accent:#6b9bff;--card:#1f2329;--page:#15171a}}
*{box-sizing:border-box}body{margin:0;background:var(--page);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:30rem;margin:6vh auto;padding:2rem;background:var(--card);border-radius:12px;border:1px solid var(--line)}
h1{font-size:1.4rem;margin:.2rem 0 1rem}header{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.85rem}
ul{padding-left:1.2rem}small,code{color:var(--soft);font-size:.8rem;overflow-wrap:anywhere}fieldset{border:0;padding:0;margin:1.2rem 0}
legend{font-weight:600;padding:0;margin-bottom:.4rem}label{display:flex;gap:.7rem;align-items:center;padding:.6rem .8rem;border:1px solid var(--line);border-radius:8px;margin-bottom:.5rem;cursor:pointer}
label:has(:checked){border-color:var(--accent)}label span{display:block}a{color:var(--accent)}
button{font:inherit;padding:.6rem 1.4rem;border-radius:8px;border:1px solid var(--line);background:transparent;color:inherit;cursor:pointer}
button.allow{background:var(--accent);border-color:var(--accent);color:var(--card)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.buttons{display:flex;gap:.8rem;margin-bottom:1rem}`;

const cssHash = createHash('sha256').update(css).digest('base64');

/** The consent page: who signs in, what the app asks for, yes or no. Works without scripts. */
export function consentPage(request: AuthorizeRequest, query: Record<string, unknown>, language: Language): Answer {
  const say = (key: keyof typeof words) => words[key][language];
  const asked = describeScopes(request.scopes).map(
    (line) => `<li>${escape(line.words[language])}<br><small>${escape(line.scopes.join(' '))}</small></li>`,
  );
  const accounts = people.map((person, at) => {
    const tenant = tenants.find((one) => one.key === person.tenantKey)?.name[language] ?? '';
    const name = language === 'en' ? `${person.enName} (${person.name})` : person.name;
    return `<label><input type="radio" name="person" value="${person.key}"${at === 0 ? ' checked' : ''}><span>${escape(name)}<small><span>${escape(`${person.title[language]} · ${tenant}`)}</span></small></span></label>`;
  });
  const target = new URL(request.redirectUri);
  const body = `<header><span>${say('sandbox')}</span>${languageSwitch(query, language)}</header>
<h1>${say('title')}</h1><p>${say('asks')}</p><ul>${asked.join('') || `<li>${say('nothing')}</li>`}</ul>
<form method="post" action="?${escape(toQuery(query))}"><fieldset><legend>${say('who')}</legend>${accounts.join('')}</fieldset>
<p class="buttons"><button class="allow" name="decision" value="allow">${say('allow')}</button><button name="decision" value="deny">${say('deny')}</button></p>
<small>${say('returns')} <code>${escape(target.origin + target.pathname)}</code></small></form>`;
  // Browsers hold a form's redirect to form-action too.
  return page({ language, title: say('title'), body, status: 200, formAction: `'self' ${target.origin}` });
}

export function problemPage(problem: AuthorizeProblem, language: Language, status = 400): Answer {
  const say = (key: keyof typeof words) => words[key][language];
  const body = `<header><span>${say('sandbox')}</span></header><h1>${say('problem')}</h1>
<p role="alert">${escape(problem.words[language])}</p><small>${say('code')} ${problem.code}</small>`;
  const answer = page({ language, title: say('problem'), body, status, formAction: "'none'" });
  return { ...answer, code: problem.code };
}

interface PageParts {
  language: Language;
  title: string;
  body: string;
  status: number;
  formAction: string;
}

function page(parts: PageParts): Answer {
  const html = `<!doctype html><html lang="${parts.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${parts.title}</title><style>${css}</style></head>
<body><main>${parts.body}</main></body></html>`;
  return {
    status: parts.status,
    code: null,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${cssHash}'; form-action ${parts.formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: html,
  };
}

function languageSwitch(query: Record<string, unknown>, language: Language): string {
  const other = language === 'zh' ? 'en' : 'zh';
  return `<a href="?${escape(toQuery({ ...query, lang: other }))}" lang="${other}">${words.other[language]}</a>`;
}

function toQuery(query: Record<string, unknown>): string {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
