import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Fault } from '../base/fault.ts';
import type { Words } from '../contract/words.ts';
import { Html, html } from './html.ts';

export interface Page {
  title: Words;
  text: Words;
  /** What stands below the words, in both languages. */
  more?: Html | undefined;
  /** The stable name of a fault, and Feishu's own code. */
  code?: string | undefined;
  /** After so many seconds the browser asks again. */
  refreshSeconds?: number | undefined;
  /** Whether it holds a form that is sent back here. */
  hasForm?: boolean | undefined;
}

const style = [
  ':root{color-scheme:light dark}',
  'body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;box-sizing:border-box}',
  'main{max-width:32rem}h1{font-size:1.5rem;margin:.5rem 0}p{margin:.25rem 0}',
  '.quiet{opacity:.75;font-size:.9rem}.code{opacity:.75;font-size:.85rem}.mark{font:600 1.4rem/1.6 ui-monospace,monospace;letter-spacing:.1em}',
  'ul{margin:.25rem 0;padding-left:1.2rem;overflow-wrap:anywhere}svg{display:block;width:15rem;height:15rem;margin:.75rem 0;border-radius:.5rem}',
  '.actions{margin:.75rem 0;display:flex;gap:.75rem;flex-wrap:wrap}',
  '.button{display:inline-block;padding:.6rem 1.2rem;border:1px solid #245bdb;border-radius:.5rem;background:#245bdb;color:#fff;font:inherit;text-decoration:none;cursor:pointer}',
  '.plain{background:transparent;color:inherit;border-color:currentcolor}',
].join('');

const styleSheet = new Html(`<style>${style}</style>`);
const policy = (formAction: string) =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`;
const policyWithForm = policy("'self'");
const policyWithout = policy("'none'");

/** A page that says one thing, in both languages. Everything in it is escaped; it loads and runs nothing. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.hasForm ? policyWithForm : policyWithout,
      'cache-control': 'no-store',
      // A browser that may not say where a form came from says "Origin: null", which the door refuses.
      'referrer-policy': page.hasForm ? 'same-origin' : 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(render(page).text);
}

export function sendFaultPage(reply: FastifyReply, fault: Fault): FastifyReply {
  return sendPage(reply, fault.kind.http, {
    title: notCompleted,
    text: fault.words,
    code: codeText(fault.code, fault.details),
  });
}

export const notCompleted: Words = { zh: '没有完成', en: 'Not completed' };

/** A fault's name, with Feishu's code where there is one. */
export function codeText(code: string, details: Record<string, unknown> | undefined): string {
  const upstreamCode = details?.['code'];
  return typeof upstreamCode === 'number' ? `${code} (${upstreamCode})` : code;
}

/** The same thing in both languages, one below the other. */
export function both({ zh, en }: Words): Html {
  return html`<p>${zh}</p>
    <p lang="en">${en}</p>`;
}

function render({ title, text, more, code, refreshSeconds }: Page): Html {
  const refresh =
    refreshSeconds === undefined ? undefined : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`;
  const codeLine = code === undefined ? undefined : html`<p class="code">${code}</p>`;
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${title.zh} · ${title.en} · LarkGate</title>
        ${styleSheet}
      </head>
      <body>
        <main>
          <h1>${title.zh}</h1>
          <p>${text.zh}</p>
          <div lang="en">
            <h1>${title.en}</h1>
            <p>${text.en}</p>
          </div>
          ${more}${codeLine}
        </main>
      </body>
    </html>`;
}
