import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCatalog } from '../../../../scripts/build-catalog.ts';
import { Catalog } from '../../../../src-main/providers/lark/catalog.ts';
import { toLarkRequest } from '../../../../src-main/providers/lark/lark-request.ts';

// The official server's own way to Feishu, stopped just before the network.
const larkMcp = createRequire(createRequire(import.meta.url).resolve('@larksuiteoapi/lark-mcp/package.json'));

interface Sent {
  method?: string;
  url?: string;
  params?: Record<string, unknown>;
  data?: unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'larkgate-parity-'));
let catalog: Catalog;
beforeAll(() => {
  buildCatalog(folder);
  catalog = new Catalog(folder, 'en');
});
afterAll(() => {
  catalog.close();
  rmSync(folder, { recursive: true });
});

test('every tool sends what the official server would send', async () => {
  const { Client, LoggerLevel } = larkMcp('@larksuiteoapi/node-sdk');
  const { larkOapiHandler } = larkMcp('./dist/mcp-tool/utils/handler.js');
  const { GenTools } = larkMcp('./dist/mcp-tool/tools/en/gen-tools/index.js');
  const official = new Map<string, unknown>(
    z
      .array(z.looseObject({ name: z.string() }))
      .parse(GenTools)
      .map((tool) => [tool.name, tool]),
  );
  let sent: Sent = {};
  const httpInstance = { request: async (request: Sent) => ((sent = request), { code: 0 }) };
  const client = new Client({
    appId: 'cli_1',
    appSecret: 's',
    domain: 'https://open.feishu.cn',
    httpInstance,
    loggerLevel: LoggerLevel.fatal,
  });

  for (const name of catalog.names()) {
    const spec = catalog.spec(name);
    if (!spec) throw new Error(name);
    const input = sample(catalog.entry(name).inputSchema) as Record<string, unknown>;
    await larkOapiHandler(client, { ...input, useUAT: true }, { userAccessToken: 'u-1', tool: official.get(name) });
    const ours = toLarkRequest(spec, input);
    const theirs = {
      method: sent.method?.toUpperCase(),
      url: sent.url,
      query: pairs(sent.params),
      body: sent.data ?? {},
    };
    expect(
      { method: ours.method, url: `https://open.feishu.cn${ours.path}`, query: ours.query, body: ours.body ?? {} },
      name,
    ).toEqual(theirs);
  }
});

/** A value that fills every optional field of a schema. */
function sample(schema: unknown): unknown {
  const { type, properties, items, enum: choices, const: only } = Object(schema);
  if (only !== undefined || choices) return only ?? choices[0];
  if (type === 'object')
    return Object.fromEntries(Object.entries(Object(properties)).map(([name, inner]) => [name, sample(inner)]));
  if (type === 'array') return [sample(items), sample(items)];
  if (type === 'number') return 7;
  return type === 'boolean' ? false : 'text-1';
}

function pairs(params: Record<string, unknown> = {}): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, String(item)]),
  );
}
