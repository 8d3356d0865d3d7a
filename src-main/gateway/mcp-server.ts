import { type CallToolRequest, Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Words } from '../contract/words.ts';
import type { Config } from '../contract/config.ts';
import { visitOf } from './auth-info.ts';
import { type Call, type Handler, newCall } from './call.ts';
import type { Session } from './session.ts';
import type { Toolset } from './toolset.ts';

export interface McpServerParts {
  version: string;
  language: Config['tools']['language'];
  toolset: Toolset;
  pipeline: Handler;
}

/** The SDK's server for one session, or for one request of the stateless revision. Never shared between two clients. */
export function createMcpServer(parts: McpServerParts, session: Session): Server {
  const server = new Server(
    { name: 'larkgate', title: 'LarkGate', version: parts.version },
    {
      capabilities: { tools: { listChanged: true }, logging: {} },
      instructions: instructions[parts.language],
      jsonSchemaValidator: neverAsked,
      // Only for a client without sessions: it has no other way to know how long a list is good.
      ...(session.transport === 'stateless' && {
        cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'private' as const } },
      }),
    },
  );
  server.setRequestHandler('tools/list', () => parts.toolset.list());
  server.setRequestHandler('tools/call', async (request, context) => {
    session.calls += 1;
    return { ...(await parts.pipeline(callOf(request, context, session))) };
  });
  return server;
}

function callOf(request: CallToolRequest, context: ServerContext, session: Session): Call {
  const { caller } = visitOf(context.http?.authInfo);
  return newCall({
    caller,
    session,
    toolName: request.params.name,
    input: request.params.arguments,
    signal: context.mcpReq.signal,
    say: (level, text) => void context.mcpReq.log(level, text, 'larkgate').catch(() => {}),
  });
}

/** The SDK makes a validator per server for elicitation forms; this gateway sends none, and each costs a millisecond. */
const neverAsked = {
  getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: 'not supported' }),
};

const instructions: Words = {
  zh: [
    'LarkGate 让你以登录者本人的身份在飞书工作，没有机器人身份。',
    '先用搜索或列表类工具找到 id，再读取或修改；不要猜测 id。',
    '结果里的 error 带有链接（signInUrl、grantUrl 或 consoleUrl）时，把它原样给用户打开，完成后重试同一调用，不需要重新连接。',
    'error.code 为 outcome_unknown 时写操作可能已生效：先查询，再决定是否重发。',
  ].join('\n'),
  en: [
    'LarkGate lets you work in Feishu/Lark as the signed-in person; there is no bot identity.',
    'Find ids with search or list tools first, then read or change; never guess an id.',
    'When an error has a link (signInUrl, grantUrl or consoleUrl), give it to the person as it is, then repeat the same call; there is no need to reconnect.',
    'When error.code is outcome_unknown the write may have happened: look before you send it again.',
  ].join('\n'),
};
