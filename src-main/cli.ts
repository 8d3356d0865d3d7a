import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Fault } from './base/fault.ts';
import { maskSecrets } from './base/mask.ts';
import type { AccountWay, Brand } from './contract/views.ts';

/** Where a command works, and how it answers. */
export interface Place {
  sandbox: boolean;
  data: string | undefined;
  /** One JSON object per line on stdout; words for people still go to stderr. */
  json: boolean;
}

export interface ServeOptions extends Place {
  signedOut: boolean;
  port: number | undefined;
}

export interface LoginOptions extends Place {
  /** Undefined: `device`, after creating an app where there is none. */
  way: AccountWay | undefined;
  appId: string | undefined;
  /** By id or name: signs this one in again. */
  account: string | undefined;
  brand: Brand | undefined;
  scopes: string[];
}

export type AppAction = 'list' | 'create' | 'add' | 'default' | 'forget';

export type Command =
  | ({ name: 'serve' } & ServeOptions)
  | ({ name: 'keys'; action: 'list' | 'add' | 'revoke'; subject: string | undefined } & Place)
  | ({ name: 'login' } & LoginOptions)
  | ({ name: 'accounts'; action: 'list' | 'default'; subject: string | undefined } & Place)
  | ({ name: 'logout' | 'renew'; subject: string | undefined; all: boolean } & Place)
  | ({ name: 'connect'; client: string | undefined; undo: boolean; dryRun: boolean; replace: boolean } & Place)
  | ({ name: 'doctor'; appId: string | undefined } & Place)
  | ({ name: 'app'; action: AppAction; subject: string | undefined; title: string | undefined; brand: Brand } & Place)
  | { name: 'help' }
  | { name: 'version' };

const flags = {
  sandbox: { type: 'boolean', default: false },
  'signed-out': { type: 'boolean', default: false },
  port: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
  device: { type: 'boolean', default: false },
  browser: { type: 'boolean', default: false },
  token: { type: 'boolean', default: false },
  app: { type: 'string' },
  account: { type: 'string' },
  scope: { type: 'string', multiple: true, default: [] as string[] },
  lark: { type: 'boolean', default: false },
  name: { type: 'string' },
  all: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  replace: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} satisfies ParseArgsConfig['options'];

type Flag = keyof typeof flags;
type Values = ReturnType<typeof parse>['values'];

const everywhere: readonly Flag[] = ['sandbox', 'data', 'json', 'help', 'version'];
/** The flags that mean something to a command, besides those of all. */
const ownFlags: Readonly<Record<Command['name'], readonly Flag[]>> = {
  serve: ['signed-out', 'port'],
  keys: [],
  login: ['device', 'browser', 'token', 'app', 'account', 'scope', 'lark'],
  accounts: [],
  logout: ['all'],
  renew: ['all'],
  connect: ['undo', 'dry-run', 'replace'],
  doctor: ['app'],
  app: ['lark', 'name'],
  help: [],
  version: [],
};

/** Reads the command line. Throws `config_invalid`, naming the argument at fault. */
export function parseCommand(argv: string[]): Command {
  const { values, positionals, given } = parse(argv);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [name = 'serve', ...rest] = positionals;
  if (!isCommand(name)) throw wrongArgument(name);
  const stray = given.find((flag) => !everywhere.includes(flag) && !ownFlags[name].includes(flag));
  if (stray !== undefined) throw wrongArgument(`--${stray}`);
  const { sandbox, data, json } = values;
  return readers[name](rest, values, { sandbox, data, json });
}

type Reader = (rest: string[], values: Values, place: Place) => Command;

const readers: Readonly<Record<Command['name'], Reader>> = {
  serve: (rest, values, place) => {
    noMore(rest);
    const port = values.port === undefined ? undefined : parsePort(values.port);
    return { name: 'serve', ...place, signedOut: values['signed-out'], port };
  },
  keys: (rest, _values, place) => {
    const [action, subject] = actionOf(rest, ['list', 'add', 'revoke']);
    return { name: 'keys', action, subject, ...place };
  },
  login: (rest, values, place) => {
    noMore(rest);
    const { app: appId, account, scope: scopes, lark } = values;
    return { name: 'login', way: wayOf(values), appId, account, scopes, brand: lark ? 'lark' : undefined, ...place };
  },
  accounts: (rest, _values, place) => {
    const [action, subject] = actionOf(rest, ['list', 'default']);
    return { name: 'accounts', action, subject, ...place };
  },
  logout: (rest, { all }, place) => ({ name: 'logout', subject: oneOf(rest), all, ...place }),
  renew: (rest, { all }, place) => ({ name: 'renew', subject: oneOf(rest), all, ...place }),
  connect: (rest, { undo, 'dry-run': dryRun, replace }, place) => ({
    name: 'connect',
    client: oneOf(rest),
    undo,
    dryRun,
    replace,
    ...place,
  }),
  doctor: (rest, { app: appId }, place) => {
    noMore(rest);
    return { name: 'doctor', appId, ...place };
  },
  app: (rest, { lark, name: title }, place) => {
    const [action, subject] = actionOf(rest, ['list', 'create', 'add', 'default', 'forget'], ['create']);
    return { name: 'app', action, subject, title, brand: lark ? 'lark' : 'feishu', ...place };
  },
  help: () => ({ name: 'help' }),
  version: () => ({ name: 'version' }),
};

function isCommand(name: string): name is Command['name'] {
  return Object.hasOwn(ownFlags, name);
}

function parse(argv: string[]) {
  try {
    const parsed = parseArgs({ args: argv, options: flags, allowPositionals: true, tokens: true });
    const given = parsed.tokens.flatMap((token) => (token.kind === 'option' && isFlag(token.name) ? [token.name] : []));
    return { ...parsed, given };
  } catch (error) {
    // Node quotes the option's name, never its value.
    const reason = error instanceof Error ? error.message : '';
    throw new Fault('config_invalid', {
      words: { zh: `命令行参数不正确：${reason}`, en: `Wrong command line: ${reason}` },
      cause: error,
    });
  }
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(flags, name);
}

/** The first action is what happens when none is named. All others need a subject, but for those of `alone`. */
function actionOf<A extends string>(
  [named, ...rest]: string[],
  actions: readonly [A, ...A[]],
  alone: readonly A[] = [],
): [A, string | undefined] {
  const action = named === undefined ? actions[0] : actions.find((one) => one === named);
  if (action === undefined) throw wrongArgument(named ?? '');
  if (action === actions[0] || alone.includes(action)) {
    noMore(rest);
    return [action, undefined];
  }
  const subject = oneOf(rest);
  if (subject === undefined) throw wrongArgument(action);
  return [action, subject];
}

function oneOf([subject, ...rest]: string[]): string | undefined {
  noMore(rest);
  return subject;
}

function noMore([extra]: string[]): void {
  if (extra !== undefined) throw wrongArgument(extra);
}

function wayOf(values: Values): AccountWay | undefined {
  const ways = (['device', 'browser', 'token'] as const).filter((way) => values[way]);
  if (ways.length > 1) throw wrongArgument(`--${ways[1]}`);
  return ways[0];
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65535) return port;
  throw new Fault('config_invalid', {
    words: { zh: '--port 必须是 0 到 65535 的整数。', en: '--port must be a whole number from 0 to 65535.' },
    details: { field: '--port' },
  });
}

/** What is as long as a secret may be one, put where it does not belong. */
const longestShown = 24;

function wrongArgument(given: string): Fault {
  const argument = given.length > longestShown ? '***' : maskSecrets(given);
  return new Fault('config_invalid', {
    words: {
      zh: `不认识的命令或参数：${argument}。运行 larkgate help 查看用法。`,
      en: `Unknown command or argument: ${argument}. Run larkgate help for usage.`,
    },
  });
}
