import { parseArgs } from 'node:util';
import { Fault } from './base/fault.ts';

export interface ServeOptions {
  sandbox: boolean;
  signedOut: boolean;
  port: number | undefined;
  data: string | undefined;
  json: boolean;
}

export type Command =
  | ({ name: 'serve' } & ServeOptions)
  | {
      name: 'keys';
      action: 'list' | 'add' | 'revoke';
      subject: string | undefined;
      data: string | undefined;
      sandbox: boolean;
    }
  | { name: 'help' }
  | { name: 'version' };

const flags = {
  sandbox: { type: 'boolean', default: false },
  'signed-out': { type: 'boolean', default: false },
  port: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const;

/** Reads the command line. Throws `config_invalid`, naming the argument at fault. */
export function parseCommand(argv: string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [command = 'serve', ...rest] = positionals;
  const { sandbox, data } = values;
  if (command === 'keys') return keysCommand(rest, { sandbox, data });
  if (command === 'help' || command === 'version') return { name: command };
  if (command !== 'serve' || rest.length > 0) throw wrongArgument(rest[0] ?? command);
  return {
    name: 'serve',
    sandbox,
    signedOut: values['signed-out'],
    port: values.port === undefined ? undefined : parsePort(values.port),
    data,
    json: values.json,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, allowPositionals: true });
  } catch (error) {
    // Node quotes the option's name, never its value.
    const reason = error instanceof Error ? error.message : '';
    throw new Fault('config_invalid', {
      words: { zh: `命令行参数不正确：${reason}`, en: `Wrong command line: ${reason}` },
      cause: error,
    });
  }
}

function keysCommand(rest: string[], place: { sandbox: boolean; data: string | undefined }): Command {
  const [action = 'list', subject, extra] = rest;
  if (extra !== undefined) throw wrongArgument(extra);
  if (action !== 'list' && action !== 'add' && action !== 'revoke') throw wrongArgument(action);
  if (action !== 'list' && subject === undefined) throw wrongArgument(`keys ${action}`);
  return { name: 'keys', action, subject, ...place };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65535) return port;
  throw new Fault('config_invalid', {
    words: { zh: '--port 必须是 0 到 65535 的整数。', en: '--port must be a whole number from 0 to 65535.' },
    details: { field: '--port' },
  });
}

function wrongArgument(argument: string): Fault {
  return new Fault('config_invalid', {
    words: {
      zh: `不认识的命令或参数：${argument}。运行 larkgate help 查看用法。`,
      en: `Unknown command or argument: ${argument}. Run larkgate help for usage.`,
    },
  });
}

export const usage = `larkgate – 个人飞书 MCP 网关 / a personal MCP gateway for Feishu/Lark

larkgate serve [--sandbox] [--signed-out] [--port N|0] [--data DIR] [--json]
    启动网关。--sandbox 使用内置的模拟飞书，并登录一位演示用户（--signed-out 则不登录）。
    Starts the gateway. --sandbox uses the built-in stand-in for Feishu with a demo person signed in
    (not with --signed-out). --json prints one line when ready; everything else goes to stderr.
larkgate keys [list | add NAME | revoke ID] [--data DIR]
    管理客户端密钥；新密钥只显示一次。 / Manages client keys; a new one is shown once.
larkgate version | help

FEISHU_APP_ID, FEISHU_APP_SECRET: 应用凭据，也可写在 .env 中。 / The app's credentials, also read from .env.
LARKGATE_KEY: 64 位十六进制主密钥（默认存于数据目录）。 / Master key, 64 hex digits (default: a file beside the data).
LARKGATE_DATA: 数据目录，默认 ./data。 / The data folder, ./data by default.
`;
