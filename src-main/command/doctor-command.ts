import { Fault } from '../base/fault.ts';
import type { ControlOutput } from '../contract/control.ts';
import type { AccountView, CheckView, NoticeView } from '../contract/views.ts';
import type { CommandParts } from './account-commands.ts';
import type { GatewayLink } from './gateway-link.ts';
import type { Terminal } from './terminal.ts';

type Report = ControlOutput<'doctor'>;

const marks = { ok: '✓', info: '·', warning: '!', error: '✗', unknown: '?' } as const;

/** `larkgate doctor`: what is wrong with an app, the accounts and this machine. Resolves to whether all is well. */
export async function doctorCommand(appId: string | undefined, { link, terminal }: CommandParts): Promise<boolean> {
  const { accounts, notices } = await link.call('snapshot', {});
  const report = await examine(appId, link);
  terminal.result({ ...report, accounts, notices }, '');
  sayApp(report, terminal);
  for (const account of accounts) sayAccount(account, terminal);
  for (const { level, words } of notices) sayLine(level, words, terminal);
  const wrong = !report || [...report.checks, ...notices].some(({ level }) => level === 'error');
  const away = accounts.some(({ state }) => state === 'sign_in_needed');
  if (!wrong && !away) terminal.say({ zh: '\n没有发现错误。', en: 'Nothing is wrong.' });
  return !wrong && !away;
}

/** Undefined when there is no app to look at. */
async function examine(appId: string | undefined, link: GatewayLink): Promise<Report | undefined> {
  try {
    return await link.call('doctor', appId === undefined ? {} : { appId });
  } catch (thrown) {
    if (appId === undefined && Fault.from(thrown).code === 'app_missing') return undefined;
    throw thrown;
  }
}

function sayApp(report: Report | undefined, terminal: Terminal): void {
  if (!report) return sayLine('error', noApp, terminal);
  terminal.line(`\n${report.appId}`);
  for (const { level, words, fix } of report.checks) {
    sayLine(level, words, terminal);
    if (fix) terminal.line(`     ${fix.url}${fix.copy === null ? '' : `\n     ${fix.copy}`}`);
  }
}

function sayAccount({ id, name, state, reason }: AccountView, terminal: Terminal): void {
  const good = { zh: '已登录', en: 'signed in' };
  const { zh, en } = reason ?? good;
  const level = state === 'sign_in_needed' ? 'error' : reason ? 'warning' : 'ok';
  sayLine(level, { zh: `${name}（${id}）：${zh}`, en: `${name} (${id}): ${en}` }, terminal);
}

function sayLine(level: CheckView['level'] | NoticeView['level'], words: CheckView['words'], terminal: Terminal): void {
  terminal.say({ zh: ` ${marks[level]} ${words.zh}`, en: `   ${words.en}` });
}

const noApp = {
  zh: '还没有飞书应用。运行 larkgate login，扫码创建一个。',
  en: 'There is no app yet. Run larkgate login to create one by a scan.',
};
