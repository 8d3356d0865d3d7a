import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { z } from 'zod';
import { createNodeHost } from '../src-main/base/host.ts';
import { Signer } from '../src-main/base/signer.ts';
import type { ConfigInput } from '../src-main/contract/config.ts';
import { startPath } from '../src-main/server/login-links.ts';
import type { Bench } from './bench.ts';
import type { Endpoint } from './jobs.ts';
import { type Server, startServer } from './server-process.ts';

const executable = join(import.meta.dirname, '..', 'dist', 'larkgate.mjs');
const readySchema = z.object({ mcp: z.url(), key: z.string() });

/** A data folder in which a person is signed in. Everything is on; the limits are only too high to be hit. */
export async function signedInFolder({ upstreamUrl, scratch }: Bench, tools?: string[]): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'gateway-'));
  const settings: ConfigInput = {
    limits: { perSession: 1e9, perAddress: 1e9, sessions: 5000, sseStreams: 5000 },
    lark: { appId: 'cli_bench', openUrl: upstreamUrl, accountsUrl: upstreamUrl },
    ...(tools && { tools: { enabled: tools } }),
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  const gateway = await startGateway(folder);
  try {
    const signer = new Signer(await (await createNodeHost(folder, {})).masterKey());
    await signIn(new URL(startPath(signer), gateway.endpoint.url));
  } finally {
    await gateway.stop();
  }
  return folder;
}

/** The options that `npm run larkgate` gives to node. */
const usual = z
  .object({ scripts: z.object({ larkgate: z.string() }) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')))
  .scripts.larkgate.split(' ')
  .slice(1, -1);

/** Starts the gateway on `folder`. `nodeOptions` come before the script. */
export async function startGateway(folder: string, nodeOptions: string[] = []): Promise<Server> {
  const args = [...usual, ...nodeOptions, executable, 'serve', '--port', '0', '--data', folder, '--json'];
  return startServer({ args, home: folder, env: { FEISHU_APP_SECRET: 'bench-secret' } }, readyEndpoint);
}

/** The same gateway, as a client of the 2026-07-28 revision meets it. */
export function stateless(endpoint: Endpoint): Endpoint {
  return { ...endpoint, dialect: 'stateless' };
}

async function readyEndpoint(child: ChildProcess): Promise<Endpoint> {
  if (!child.stdout) throw new Error('The gateway has no stdout');
  const [line] = await once(createInterface(child.stdout), 'line');
  const { mcp, key } = readySchema.parse(JSON.parse(line));
  return { url: mcp, headers: { authorization: `Bearer ${key}` }, dialect: 'session', reads: 'user' };
}

/** Goes where a browser would: the gateway, the consent page, and back with the cookie. */
async function signIn(link: URL): Promise<void> {
  const start = await fetch(link, { redirect: 'manual' });
  const consent = await fetch(location(start), { redirect: 'manual' });
  const cookie = start.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  const back = await fetch(location(consent), { redirect: 'manual', headers: { cookie } });
  if (back.status >= 400) throw new Error(`Sign-in was answered with ${back.status}: ${await back.text()}`);
}

function location(answer: Response): string {
  const target = answer.headers.get('location');
  if (!target) throw new Error(`Sign-in was answered with ${answer.status} and leads nowhere`);
  return target;
}
