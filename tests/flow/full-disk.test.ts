import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

const mount = (...argv: string[]) => spawnSync('mount', argv).status === 0;
const probe = await createHome();
const canMount =
  mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe.path) && spawnSync('umount', [probe.path]).status === 0;
await probe.remove();
if (!canMount) console.log('The full-disk tests need the right to mount a tmpfs; they are skipped here.');

let home: TemporaryHome;
let gateway: StartedGateway;

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

const health = async () => (await (await fetch(gateway.app.urls.health)).json()) as { status: string };

describe.skipIf(!canMount)('with a full disk', () => {
  beforeEach(async () => {
    home = await createHome();
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', home.path);
  });
  afterEach(async () => {
    await gateway.close();
    spawnSync('umount', [home.path]);
    await home.remove();
  });

  test('calls are answered, the trouble is said, and it goes away with its cause', async () => {
    gateway = await startGateway({ data: home.path, clock: systemClock });
    const session = await openRawSession(gateway);
    fillDisk();
    const raised = new Promise<void>((resolve) =>
      gateway.app.bus.subscribe(({ kind }) => kind === 'notice.raised' && resolve()),
    );
    const call = () => session.ask('tools/call', { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } } });
    expect(JSON.stringify(await call())).toContain('chat_id');
    await openRawSession(gateway);
    await raised;
    expect((await health()).status).toBe('degraded');
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
    gateway = await startGateway({ data: home.path, clock });
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
});
