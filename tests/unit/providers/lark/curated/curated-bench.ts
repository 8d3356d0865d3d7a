import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Clock, systemClock } from '../../../../../src-main/base/clock.ts';
import { createHttpClient } from '../../../../../src-main/base/http-client.ts';
import { configSchema } from '../../../../../src-main/contract/config.ts';
import { curatedTools } from '../../../../../src-main/providers/lark/curated/curated-tools.ts';
import { LarkTool } from '../../../../../src-main/providers/lark/lark-tool.ts';
import { logOf, spoil } from '../../../../helpers/sandbox-control.ts';
import { type Json, SandboxClient } from '../../../sandbox/sandbox-client.ts';
import { faultOf } from '../lark-bench.ts';
import { testContext, testCredential } from '../stand-in.ts';

interface BenchOptions {
  language?: 'en' | 'zh';
  /** Of the calls alone: sockets and sandbox live in real time. */
  clock?: Clock;
}

/** Curated tools in front of a sandbox, over real sockets, as people of its company. Every result is held to its schema. */
export function useCurated({ language = 'en', clock = systemClock }: BenchOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'larkgate-curated-'));
  const http = createHttpClient({ clock: systemClock });
  const ajv = new Ajv({ strict: false, validateFormats: false });
  let client: SandboxClient;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    client = await SandboxClient.open();
  });
  afterAll(async () => {
    await client.close();
    await http.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function tokenOf(person: string): Promise<string> {
    const token = tokens.get(person) ?? (await client.signIn({ person })).access_token;
    tokens.set(person, token);
    return token;
  }

  function toolNamed(name: string, folders: string[] = [folder]): LarkTool {
    const definition = curatedTools({ language, folders }).get(name);
    if (!definition) throw new Error(`no tool ${name}`);
    const { limits } = configSchema.parse({});
    const openUrl = () => new URL(client.sandbox.url);
    return new LarkTool(name, definition, { http, clock, openUrl, limits, random: () => 0, language });
  }

  /** Calls a tool as `person` and gives what a model would get. */
  async function call(name: string, input: Record<string, unknown> = {}, person = 'lin.xiaoyu'): Promise<Json> {
    const credential = testCredential(await tokenOf(person));
    return callWith(name, input, {
      credential,
      renew: async () => testCredential((await client.signIn({ person })).access_token),
    });
  }

  async function callWith(name: string, input: unknown, change: Parameters<typeof testContext>[0]): Promise<Json> {
    const tool: LarkTool = toolNamed(name);
    tool.check(input);
    const result = await tool.run(input, testContext(change).context);
    const { outputSchema = {} } = tool.entry();
    expect(ajv.validate(outputSchema, result.structuredContent), ajv.errorsText()).toBe(true);
    expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent);
    return result.structuredContent;
  }

  return {
    folder,
    call,
    callWith,
    toolNamed,
    tokenOf,
    refused: (name: string, input: Record<string, unknown>, person?: string) => faultOf(call(name, input, person)),
    get client() {
      return client;
    },
    /** OpenAPI itself, as a person: to read back what a tool did. */
    openApi: async (person = 'lin.xiaoyu') => client.callWith(await tokenOf(person)),
    spoil: (fault: Record<string, unknown>) => spoil(client.sandbox, fault),
    /** The endpoint is not there, as on a deployment that does not have it. */
    without: (path: string, times = 50) => spoil(client.sandbox, { path, kind: 'html', status: 404, times }),
    calm: () => fetch(`${client.sandbox.url}/__fault`, { method: 'DELETE' }),
    forget: () => fetch(`${client.sandbox.url}/__log`, { method: 'DELETE' }),
    asked: async (under = '/open-apis') =>
      (await logOf(client.sandbox, `${under}*`)).map(
        ({ method, path }) => `${method} ${path.replace('/open-apis', '')}`,
      ),
  };
}
