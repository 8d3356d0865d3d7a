import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { freePort, type Server, startServer } from './server-process.ts';

const command = join(dirname(createRequire(import.meta.url).resolve('@larksuiteoapi/lark-mcp')), 'cli.js');

/**
 * lark-mcp as its users run it: the default tools over streamable HTTP. It refuses user tokens there unless it does the
 * sign-in itself, so it calls Feishu as the app.
 */
export async function startOfficialServer({ upstreamUrl, scratch }: Bench): Promise<Server> {
  const port = await freePort();
  const app = ['-a', 'cli_bench', '-s', 'bench-secret', '-d', upstreamUrl];
  const args = [command, 'mcp', ...app, '-m', 'streamable', '--host', '127.0.0.1', '--port', String(port)];
  const home = await mkdtemp(join(scratch, 'official-'));
  return startServer({ args, home }, async () => {
    await listening(port);
    return { url: `http://127.0.0.1:${port}/mcp`, headers: {}, dialect: 'bare', reads: 'app' };
  });
}

/** The server says nothing when it is ready; only its port tells. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(5);
  }
}
