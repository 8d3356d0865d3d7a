export interface WelcomeFacts {
  mcp: string;
  sse: string;
  key: string;
  dashboard: string;
  signIn: string;
  /** Whether there is an app to sign in to. */
  hasApp: boolean;
  sandbox: string | null;
  dataFolder: string;
}

const createFirst = '控制台 → 账号，或 / dashboard → Accounts, or: npm run -s larkgate -- login';

/** What a person needs to connect a client, ready to paste. */
export function welcome(facts: WelcomeFacts): string {
  const configuration = {
    mcpServers: {
      larkgate: { type: 'http', url: facts.mcp, headers: { Authorization: `Bearer ${facts.key}` } },
    },
  };
  return `
LarkGate 已就绪 / LarkGate is ready

  MCP 地址 / MCP address          ${facts.mcp}
  旧式 SSE 地址 / older SSE        ${facts.sse}
  客户端密钥 / client key          ${facts.key}
  控制台（一次性链接）/ dashboard   ${facts.dashboard}
  登录飞书 / sign in               ${facts.hasApp ? facts.signIn : createFirst}
${facts.sandbox ? `  模拟飞书 / Feishu sandbox        ${facts.sandbox}\n` : ''}  数据目录 / data folder           ${facts.dataFolder}

粘贴到客户端的配置 / configuration to paste into a client:

${JSON.stringify(configuration, undefined, 2)}

Ctrl-C 停止 / Ctrl-C stops
`;
}
