import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { demoScopes } from '../../src-main/sandbox/demo-sign-in.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';
import {
  type BuiltBridge,
  type RawBridge,
  builtBridge,
  giveBridgeKey,
  initialize,
  initialized,
  spawnBridge,
} from '../helpers/bridge.ts';
import { readAnswer } from '../helpers/clients/client.ts';
import { type TemporaryHome, cleanEnvironment, createHome, projectFolder } from '../helpers/run-node.ts';
import { startGateway } from '../helpers/start-gateway.ts';

const restarts = 100;
const lasting = 20 * 60_000;

let home: TemporaryHome;
let sandbox: Sandbox;
let built: BuiltBridge;
let gateway: ChildProcess;
let port: number;

beforeAll(async () => {
  home = await createHome();
  sandbox = await createSandbox({ clock: systemClock });
  built = await builtBridge();
  // Somebody signs in once; after that only the executable works on this folder.
  const first = await startGateway({ data: home.path, sandbox });
  port = first.app.port;
  await first.close();
  const limits = { perSession: 100_000, perAddress: 100_000 };
  const { appId, url } = sandbox;
  const lark = { appId, openUrl: url, accountsUrl: url, scopes: demoScopes };
  await writeFile(join(home.path, 'settings.json'), JSON.stringify({ server: { port }, limits, lark }));
  await giveBridgeKey(home.path);
  gateway = await start();
});

afterAll(async () => {
  gateway.kill('SIGKILL');
  await sandbox.close();
  await built.remove();
  await home.remove();
});

/** The executable on the data folder; resolves when its door is open. */
async function start(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [join(projectFolder, 'dist/larkgate.mjs'), 'serve', '--data', home.path, '--json'],
    {
      cwd: home.path,
      env: { ...cleanEnvironment(home.path), FEISHU_APP_SECRET: sandbox.appSecret },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const _line of createInterface({ input: child.stdout })) return child;
  throw new Error('The gateway ended before it was ready');
}

interface Sent {
  name: string;
  /** Whether there was a gateway to send it to. */
  whileUp: boolean;
}

function createChat(bridge: RawBridge, id: number, name: string): void {
  bridge.send({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'im_v1_chat_create', arguments: { data: { name } } },
  });
}

/** Names of all chats there are now, each as often as there is one of that name. */
async function chatNames(bridge: RawBridge): Promise<string[]> {
  const names: string[] = [];
  for (let page: string | undefined = '', round = 0; page !== undefined; round += 1) {
    const params = { page_size: 100, ...(page && { page_token: page }) };
    const answer = await bridge.ask({
      id: `page${round}`,
      method: 'tools/call',
      params: { name: 'im_v1_chat_list', arguments: { params } },
    });
    const { items, has_more: more, page_token: next } = JSON.parse(readAnswer(answer['result']).text);
    names.push(...items.map((item: { name: string }) => item.name));
    page = more ? next : undefined;
  }
  return names;
}

test(
  `${restarts} kills of the gateway under the bridge lose no call that had not been sent, and no call happens twice`,
  { timeout: lasting },
  async () => {
    const bridge = spawnBridge(built, home.path, 300);
    await bridge.ask(initialize);
    bridge.send(initialized);
    const sent = new Map<number, Sent>();
    const answers = new Map<number, ReturnType<typeof readAnswer>>();
    const readUntil = async (count: number) => {
      while (answers.size < count) {
        const { id, result } = await bridge.next();
        if (typeof id !== 'number') continue;
        // Nobody is answered twice, whatever broke in between.
        expect(answers.has(id)).toBe(false);
        answers.set(id, readAnswer(result));
      }
    };
    const send = (whileUp: boolean) => {
      const id = sent.size;
      sent.set(id, { name: `chat ${id}`, whileUp });
      createChat(bridge, id, `chat ${id}`);
    };

    for (let round = 0; round < restarts; round += 1) {
      send(true);
      send(true);
      // At a different moment of the calls each time: before, while and after they arrive.
      await new Promise((resolve) => setTimeout(resolve, (round % 20) * 2));
      const dead = once(gateway, 'exit');
      gateway.kill('SIGKILL');
      await dead;
      send(false);
      send(false);
      gateway = await start();
      await readUntil(sent.size);
    }

    const names = await chatNames(bridge);
    const count = (name: string) => names.filter((other) => other === name).length;
    const told = { done: 0, unknown: 0 };
    for (const [id, { name, whileUp }] of sent) {
      const { isError, text } = answers.get(id) ?? { isError: true, text: '' };
      expect(count(name)).toBeLessThanOrEqual(1);
      if (!isError) {
        told.done += 1;
        expect([name, count(name)]).toEqual([name, 1]);
        continue;
      }
      told.unknown += 1;
      expect(whileUp, `${name}: ${text}`).toBe(true);
      expect(text).toMatch(/may have taken effect|outcome_unknown/);
    }
    expect(told.done + told.unknown).toBe(restarts * 4);
    expect(told.done).toBeGreaterThanOrEqual(restarts * 2);
    // The kills did hit calls on their way.
    expect(told.unknown).toBeGreaterThan(0);
    expect(await bridge.end()).toBe(0);
  },
);
