import { createHash } from 'node:crypto';
import type { Brand } from '../../contract/views.ts';
import type { Language, Words } from '../../contract/words.ts';
import type { Answer, Refusal } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';

const words = {
  feishu: {
    zh: '飞书沙箱 · 仅供演示，数据都是虚构的',
    en: 'Feishu sandbox · for demonstration only, all data is made up',
  },
  lark: {
    zh: 'Lark 沙箱 · 仅供演示，数据都是虚构的',
    en: 'Lark sandbox · for demonstration only, all data is made up',
  },
  other: { zh: 'English', en: '中文' },
  problem: { zh: '无法继续', en: 'Cannot go on' },
  code: { zh: '错误码', en: 'Error code' },
} as const satisfies Record<string, Words>;

const css = `
:root{color-scheme:light dark;--line:#d0d3d8;--soft:#646a73;--accent:#1456f0;--card:#fff;--page:#f2f3f5}
@media(prefers-color-scheme:dark){:root{--line:#43464d;--soft:#a8adb5;--accent:#6b9bff;--card:#1f2329;--page:#15171a}}
*{box-sizing:border-box}body{margin:0;background:var(--page);font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:30rem;margin:6vh auto;padding:2rem;background:var(--card);border-radius:12px;border:1px solid var(--line)}
h1{font-size:1.4rem;margin:.2rem 0 1rem}header{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.85rem}
ul{padding-left:1.2rem}small,code{color:var(--soft);font-size:.8rem;overflow-wrap:anywhere}fieldset{border:0;padding:0;margin:1.2rem 0}
legend{font-weight:600;padding:0;margin-bottom:.4rem}label{display:flex;gap:.7rem;align-items:center;padding:.6rem .8rem;border:1px solid var(--line);border-radius:8px;margin-bottom:.5rem;cursor:pointer}
header a{white-space:nowrap}input[name=user_code]{font:inherit;padding:.5rem .8rem;border:1px solid var(--line);border-radius:8px;background:transparent;color:inherit}
label:has(:checked){border-color:var(--accent)}label span{display:block}a{color:var(--accent)}
button{font:inherit;padding:.6rem 1.4rem;border-radius:8px;border:1px solid var(--line);background:transparent;color:inherit;cursor:pointer}
button.allow{background:var(--accent);border-color:var(--accent);color:var(--card)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.buttons{display:flex;gap:.8rem;margin-bottom:1rem}`;

const cssHash = createHash('sha256').update(css).digest('base64');

/** Which service shows a page, to whom, and what its address asked for. */
export interface PageFrame {
  brand: Brand;
  language: Language;
  query: Record<string, unknown>;
}

export interface PageContent {
  title: Words;
  /** HTML. */
  body: string;
  status?: number;
  /** Where forms may lead besides this origin. */
  formTarget?: string;
}

/** A page of the accounts site. Works without scripts. */
export function page(
  { brand, language, query }: PageFrame,
  { title, body, status = 200, formTarget }: PageContent,
): Answer {
  const other = language === 'zh' ? 'en' : 'zh';
  const html = `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title[language])}</title><style>${css}</style></head>
<body><main><header><span>${words[brand][language]}</span><a href="?${toQuery({ ...query, lang: other })}" lang="${other}">${words.other[language]}</a></header>
<h1>${escape(title[language])}</h1>${body}</main></body></html>`;
  // Browsers hold a form's redirect to form-action too.
  const formAction = formTarget === undefined ? "'self'" : `'self' ${formTarget}`;
  return {
    status,
    code: null,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${cssHash}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: html,
  };
}

/** Why a page cannot be shown; the person reads the words, the app never hears of it. */
export interface PageProblem {
  code: number | null;
  words: Words;
}

export function problemPage(frame: PageFrame, problem: PageProblem, status = 400): Answer {
  const code = problem.code === null ? '' : `<small>${words.code[frame.language]} ${problem.code}</small>`;
  const body = `<p role="alert">${escape(problem.words[frame.language])}</p>${code}`;
  return { ...page(frame, { title: words.problem, body, status }), code: problem.code };
}

/** How the endpoints that show pages refuse. */
export function refuseAsPage(brand: Brand): Endpoint['refuse'] {
  return (refusal: Refusal, incoming: Incoming) => {
    const problem: PageProblem = { code: refusal.code, words: { zh: refusal.message, en: refusal.message } };
    return problemPage(frameOf(brand, incoming), problem, refusal.status);
  };
}

export function frameOf(brand: Brand, incoming: Incoming): PageFrame {
  return { brand, language: languageOf(incoming), query: incoming.query };
}

/** `lang` in the query decides, then the browser's first language; Chinese otherwise. */
function languageOf(incoming: Incoming): Language {
  const asked = typeof incoming.query.lang === 'string' ? incoming.query.lang : incoming.headers['accept-language'];
  return asked?.toLowerCase().startsWith('en') ? 'en' : 'zh';
}

/** The origin under which this request reached us. */
export function originOf(incoming: Incoming): string {
  return `http://${incoming.headers.host ?? 'localhost'}`;
}

/** For use inside an HTML attribute. */
export function toQuery(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return escape(new URLSearchParams(pairs).toString());
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
