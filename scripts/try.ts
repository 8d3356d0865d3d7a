import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { welcome } from '../src-main/welcome.ts';

const ready = z.object({
  mcp: z.string(),
  sse: z.string(),
  key: z.string(),
  dashboard: z.string(),
  signIn: z.string(),
  sandbox: z.string().nullable(),
});

/**
 * Starts the built gateway on its sandbox and makes one call through the official client, so that a newcomer sees it
 * work. Stays until Ctrl-C; with --once it leaves after the call.
 */
const once_ = process.argv.includes('--once');
const data = once_ ? mkdtempSync(join(tmpdir(), 'larkgate-try-')) : join('data', 'sandbox');
const port = once_ ? '0' : '5275';
const gateway = spawn(
  process.execPath,
  ['dist/larkgate.mjs', 'serve', '--sandbox', '--port', port, '--data', data, '--json'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => gateway.kill(signal));

const lines = createInterface({ input: gateway.stdout });
const [first] = (await Promise.race([once(lines, 'line'), once(gateway, 'exit').then(() => [''])])) as [string];
if (first === '') process.exit(gateway.exitCode ?? 1);
const facts = ready.parse(JSON.parse(first));
process.stdout.write(welcome({ ...facts, hasApp: true, dataFolder: data }));

const client = new Client({ name: 'larkgate-try', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL(facts.mcp), {
    requestInit: { headers: { Authorization: `Bearer ${facts.key}` } },
  }),
);
const { tools } = await client.listTools();
const call = { name: 'im_v1_chat_list', arguments: { params: { page_size: 2 } } };
const result = await client.callTool(call);
process.stdout.write(`
官方 MCP 客户端看到 ${tools.length} 个工具，并调用了 ${call.name}：
The official MCP client sees ${tools.length} tools and called ${call.name}:

${JSON.stringify(result.content, undefined, 2)}

接下来 / What to try next:
  1. 在浏览器里打开上面的控制台链接，调用会实时出现。 / Open the dashboard link above; calls appear as they happen.
  2. 把配置粘贴到 Cherry Studio、Claude Code、Cursor 等客户端。 / Paste the configuration into Cherry Studio, Claude Code, Cursor ...
  3. 或者用官方 Inspector / or use the official Inspector:
     npx mcp-inspector --cli ${facts.mcp} --transport http --header "Authorization: Bearer ${facts.key}" --method tools/list
`);
await client.close();
if (result.isError) process.exitCode = 1;
if (once_) gateway.kill('SIGTERM');
const [code] = (await once(gateway, 'exit')) as [number | null];
if (once_) rmSync(data, { recursive: true, force: true });
process.exitCode ||= code ?? 1;
