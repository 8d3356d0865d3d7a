import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../src-main/base/clock.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { type TemporaryHome, cleanEnvironment, createHome, projectFolder } from '../helpers/run-node.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

const mount = (...argv: string[]) => spawnSync('mount', argv).status === 0;
const probe = await createHome();
const canMount =
  mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe.path) && spawnSync('umount', [probe.path]).status === 0;
await probe.remove();
if (!canMount) console.log('The full-disk tests need the right to mount a tmpfs; they are skipped here.');

let home: TemporaryHome;
let running: StartedGateway | undefined;

/** Leaves not a byte on the gateway’s disk. */
function fillDisk(): void {
  for (let n = 0; statfsSync(home.path).bavail > 0; n += 1) {
    try {
      writeFileSync(join(home.path, `filler-${n}`), Buffer.alloc(1024 * 1024));
    } catch {
      // ENOSPC is what it is for.
    }
  }
}

function freeDisk(): void {
  for (let n = 0; n < 64; n += 1) rmSync(join(home.path, `filler-${n}`), { force: true });
}

async function openGateway(clock: Clock): Promise<StartedGateway> {
  return (running = await startGateway({ data: home.path, clock }));
}

describe.skipIf(!canMount)('with a full disk', () => {
  beforeEach(async () => {
    home = await createHome();
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', home.path);
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
    spawnSync('umount', [home.path]);
    await home.remove();
  });

  test('calls are answered, the trouble is said, and it goes away with its cause', async () => {
    const gateway = await openGateway(systemClock);
    const session = await openRawSession(gateway);
    fillDisk();
    const raised = new Promise<void>((resolve) =>
      gateway.app.bus.subscribe(({ kind }) => kind === 'notice.raised' && resolve()),
    );
    const call = () => session.ask('tools/call', { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } } });
    expect(JSON.stringify(await call())).toContain('chat_id');
    await openRawSession(gateway);
    await raised;
    const health = await fetch(gateway.app.urls.health);
    expect(await health.json()).toMatchObject({ status: 'degraded' });
    freeDisk();
    const cleared = new Promise<void>((resolve) =>
      gateway.app.bus.subscribe(({ kind }) => kind === 'notice.cleared' && resolve()),
    );
    await openRawSession(gateway);
    await cleared;
    expect(JSON.stringify(await call())).toContain('chat_id');
  });

  test('no refresh token is spent that could not be replaced on disk', async () => {
    const clock = new FakeClock();
    const gateway = await openGateway(clock);
    const session = await openRawSession(gateway);
    fillDisk();
    clock.jump(3 * 3600_000);
    const answer = await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
    expect(JSON.stringify(answer)).toContain('storage');
    expect(await logOf(gateway.sandbox, '/oauth/v3/token')).toHaveLength(1);
    freeDisk();
    // A failed renewal is not tried again for a moment.
    await clock.advance(5000);
    const again = await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } } });
    expect(JSON.stringify(again)).toContain('chat_id');
    expect(await logOf(gateway.sandbox, '/oauth/v3/token')).toHaveLength(2);
  });

  test.each([
    ['was never used', 'The data folder cannot be written'],
    ['has people in it', 'sign-ins last only until exit'],
  ])(
    'signing in by the command line to a folder that %s ends in words that say so, and works when there is room',
    async (_what, words) => {
      settleAt(await standIn());
      if (words.includes('sign-ins')) expect((await login('b')).code).toBe(0);
      fillDisk();
      for (let time = 0; time < 3; time += 1) {
        const refused = await login('a');
        expect(refused).toMatchObject({ code: 1, out: '', words: expect.stringContaining(words) });
        expect(refused.words).not.toMatch(/Signed in|Internal error/);
      }
      freeDisk();
      expect(await login('a')).toMatchObject({ code: 0, words: expect.stringContaining('Signed in: Lin') });
    },
  );
});

/** Something that knows one person, whatever the token. */
async function standIn(): Promise<string> {
  const data = { union_id: 'on_1', open_id: 'ou_1', name: 'Lin' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ code: 0, data }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

function settleAt(openUrl: string): void {
  writeFileSync(join(home.path, 'settings.json'), JSON.stringify({ server: { port: 0 }, lark: { openUrl } }));
}

/** Signs in with a token of one letter. */
async function login(letter: string) {
  const program = join(projectFolder, 'dist/larkgate.mjs');
  const child = spawn(process.execPath, [program, 'login', '--token', '--json', '--data', home.path], {
    env: cleanEnvironment(home.path),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(`u-${letter.repeat(30)}`);
  const [out, words] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out, words };
}
