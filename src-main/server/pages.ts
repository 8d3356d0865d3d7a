import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Fault } from '../base/fault.ts';
import type { Words } from '../contract/words.ts';

const style =
  ':root{color-scheme:light dark}body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;box-sizing:border-box}main{max-width:32rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:.25rem 0}.code{opacity:.7;font-size:.85rem}';

const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A page that says one thing, in both languages. Everything in it is escaped; it loads and runs nothing. */
export function sendPage(
  reply: FastifyReply,
  status: number,
  page: { title: Words; text: Words; code?: string },
): FastifyReply {
  const { title, text, code } = page;
  const html = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title.zh)} · LarkGate</title><style>${style}</style></head><body><main><h1>${escape(title.zh)}</h1><p>${escape(text.zh)}</p><div lang="en"><h1>${escape(title.en)}</h1><p>${escape(text.en)}</p></div>${code ? `<p class="code">${escape(code)}</p>` : ''}</main></body></html>`;
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(html);
}

export function sendFaultPage(reply: FastifyReply, fault: Fault): FastifyReply {
  const upstreamCode = fault.details?.['code'];
  const code = typeof upstreamCode === 'number' ? `${fault.code} (${upstreamCode})` : fault.code;
  return sendPage(reply, fault.kind.http, { title: { zh: '没有完成', en: 'Not completed' }, text: fault.words, code });
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
