import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Connections } from '../connect/connections.ts';
import { handshakeOf } from '../connect/handshake.ts';
import {
  type ClientKind,
  type ConnectClientView,
  type ConnectResult,
  type HandshakeView,
  clientKinds,
} from '../contract/connect-views.ts';
import type { SessionView } from '../contract/views.ts';
import type { Terminal } from './terminal.ts';

export interface ConnectOptions {
  /** As it was typed. Undefined: lists what there is. */
  client: string | undefined;
  undo: boolean;
  dryRun: boolean;
  /** Takes the place of an entry that is not ours. */
  replace: boolean;
}

export interface ConnectParts {
  connections: Pick<Connections, 'list' | 'plan' | 'connect' | 'disconnect'>;
  /** The sessions of the gateway that runs on the data folder; undefined when none does. */
  sessions(): Promise<SessionView[] | undefined>;
  terminal: Terminal;
  clock: Clock;
  /** The person does not want to wait any longer. */
  signal: AbortSignal;
}

/** `larkgate connect`. */
export async function connectCommand(options: ConnectOptions, parts: ConnectParts): Promise<void> {
  if (options.client === undefined) return listClients(parts);
  const kind = kindOf(options.client);
  if (options.dryRun) return showPlan(kind, options.undo, parts);
  return options.undo ? undo(kind, parts) : connect(kind, options.replace, parts);
}

/** Other names that people type. */
const also: Readonly<Record<string, ClientKind>> = {
  cherry: 'cherry-studio',
  cherrystudio: 'cherry-studio',
  claude: 'claude-code',
  'vs-code': 'vscode',
  code: 'vscode',
  windsurf: 'devin',
  'gemini-cli': 'gemini',
  'qwen-code': 'qwen',
  'lm-studio': 'lmstudio',
  quick: 'amazon-quick',
};

export function kindOf(typed: string): ClientKind {
  const name = typed.trim().toLowerCase();
  const kind = clientKinds.find((one) => one === name) ?? also[name];
  if (kind) return kind;
  throw new Fault('config_invalid', {
    words: {
      zh: `不认识这个客户端。可以是：${clientKinds.join('、')}。`,
      en: `That client is not known. Choose one of: ${clientKinds.join(', ')}.`,
    },
  });
}

async function listClients({ connections, terminal }: ConnectParts): Promise<void> {
  const clients = await connections.list();
  terminal.result({ clients }, clients.map((client) => lineOf(client)).join('\n'));
  for (const { drift } of clients) if (drift) terminal.say(drift.words);
}

/** One client on one line: kind, name, state, file. */
function lineOf({ kind, name, state, drift, file }: ConnectClientView): string {
  return [kind, name, drift?.kind ?? state, file ?? ''].join('\t').trimEnd();
}

async function showPlan(kind: ClientKind, undoing: boolean, { connections, terminal }: ConnectParts): Promise<void> {
  const plan = await connections.plan({ kind, undo: undoing });
  terminal.result({ plan }, plan.diff.trimEnd());
  if (plan.conflict) terminal.say(plan.conflict);
  sayTwins(plan.twins, terminal);
  if (plan.diff === '') terminal.say({ zh: '没有文件需要改动。', en: 'No file has to change.' });
}

async function undo(kind: ClientKind, { connections, terminal }: ConnectParts): Promise<void> {
  const { client, change } = await connections.disconnect({ kind });
  terminal.result({ client, change }, '');
  const { name } = client;
  terminal.say(
    change === 'left'
      ? {
          zh: `已撤销 ${name} 的密钥。它配置里的 larkgate 条目被别人改动过，没有删除，请自行检查。`,
          en: `The key of ${name} was revoked. Its larkgate entry was edited by somebody else and was left as it is; look at it yourself.`,
        }
      : { zh: `已断开 ${name}，它的密钥已撤销。`, en: `${name} is disconnected and its key revoked.` },
  );
}

async function connect(kind: ClientKind, replace: boolean, parts: ConnectParts): Promise<void> {
  const { connections, terminal } = parts;
  const plan = await connections.plan({ kind });
  // Also before it is refused: the person has to see what would be replaced.
  if (plan.diff !== '') terminal.line(plan.diff.trimEnd());
  const result = await connections.connect({ kind, replace });
  const { client, change } = result;
  // With --json the program that asked gets everything, the key among it; a person what they have to copy or open.
  terminal.result({ connected: result }, shownOnce(result));
  sayTwins(plan.twins, terminal);
  if (change === 'none' && !result.key) {
    terminal.say({
      zh: `${client.name} 已经连接，无需改动。`,
      en: `${client.name} is connected already; nothing changed.`,
    });
    return;
  }
  sayDone(result, terminal);
  await showHandshake(client, parts);
}

function shownOnce({ link, bundle, paste, client }: ConnectResult): string {
  const opened = client.way === 'link' ? link : client.way === 'bundle' ? bundle : null;
  return [
    ...(opened === null ? [] : [opened]),
    ...paste.map(({ label, text }) => `${label.zh} / ${label.en}\n${text}`),
  ].join('\n\n');
}

function sayDone({ client }: ConnectResult, terminal: Terminal): void {
  const { name, way, file, next } = client;
  if (way === 'file' && file !== null) terminal.say({ zh: `已写入 ${file}。`, en: `Written to ${file}.` });
  else if (way === 'link')
    terminal.say({
      zh: `上面的链接含有 ${name} 的密钥，只显示这一次。`,
      en: `The link above holds the key of ${name} and is shown this once.`,
    });
  else if (way === 'bundle')
    terminal.say({ zh: `用 ${name} 打开上面的文件。`, en: `Open the file above with ${name}.` });
  terminal.say(next);
}

function sayTwins(twins: readonly string[], terminal: Terminal): void {
  if (twins.length === 0) return;
  const names = twins.join(', ');
  terminal.say({
    zh: `这个文件里还有指向 LarkGate 的条目：${names}。保留它们会让每个工具出现两次。`,
    en: `Other entries of this file lead to LarkGate too: ${names}. With them every tool shows up twice.`,
  });
}

const waitMs = 120_000;
const pollMs = 1000;

/** Waits until the client has shown up, where a person waits and a gateway runs. */
async function showHandshake(client: ConnectClientView, parts: ConnectParts): Promise<void> {
  const { sessions, terminal, signal } = parts;
  if (!terminal.interactive || client.keyId === null || (await sessions()) === undefined) return;
  terminal.say({
    zh: `正在等待 ${client.name} 连接……（Ctrl-C 不再等待）`,
    en: `Waiting for ${client.name} to connect… (Ctrl-C stops waiting)`,
  });
  const seen = await nextHandshake(client.keyId, parts).catch(() => undefined);
  if (seen) {
    terminal.result({ handshake: seen }, '');
    const { name, version } = seen.client;
    const line = `✓ ${name} ${version}, MCP ${seen.protocolVersion}`;
    terminal.say({ zh: `${line}，已连接。`, en: `${line}, connected.` });
  } else if (!signal.aborted) {
    terminal.say({
      zh: `${client.name} 还没有连接。配置已写好，它下次启动时会连接。`,
      en: `${client.name} has not connected yet. The configuration is in place; it connects when it starts next.`,
    });
  }
}

/** Resolves to undefined when it does not come in time. */
async function nextHandshake(
  keyId: string,
  { sessions, clock, signal }: ConnectParts,
): Promise<HandshakeView | undefined> {
  const until = clock.monotonic() + waitMs;
  while (clock.monotonic() < until) {
    for (const session of (await sessions()) ?? []) {
      const handshake = handshakeOf(session, keyId);
      if (handshake) return handshake;
    }
    await clock.sleep(pollMs, signal);
  }
  return undefined;
}
