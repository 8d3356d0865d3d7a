import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Signer } from '../../src-main/base/signer.ts';
import { Connections, type ConnectionsParts } from '../../src-main/connect/connections.ts';
import { clientSpec } from '../../src-main/connect/client-table.ts';
import { findPlace } from '../../src-main/connect/find-place.ts';
import type { Machine } from '../../src-main/connect/machine.ts';
import type { ClientKind } from '../../src-main/contract/connect-views.ts';
import { ClientKeys } from '../../src-main/server/client-keys.ts';
import { FakeClock } from './fake-clock.ts';

export interface ConnectBench {
  machine: Machine;
  data: string;
  keys: ClientKeys;
  clock: FakeClock;
  connections: Connections;
  /** A gateway elsewhere on the same data folder: other address, other bridge. */
  reopen(change: Partial<ConnectionsParts>): Connections;
  /** The file that the client reads on this machine. */
  fileOf(kind: ClientKind): string;
  /** Installs a client: its folder, and the file with this text where one is given. */
  install(kind: ClientKind, text?: string): Promise<string>;
  read(file: string): Promise<string>;
  /** Names of the files beside this one. */
  beside(file: string): Promise<string[]>;
  close(): Promise<void>;
}

export const platforms = ['darwin', 'win32', 'linux'] as const;
export const mcpUrl = 'http://127.0.0.1:5275/mcp';
const bridgeCommand = { command: '/opt/larkgate/node', args: ['/opt/larkgate/bridge.mjs', '--client', 'x'] };

/** A temporary home of the given system, and a data folder with real keys. */
export async function openConnectBench(
  platform: NodeJS.Platform = 'linux',
  environment: Machine['environment'] = {},
): Promise<ConnectBench> {
  const root = await mkdtemp(join(tmpdir(), 'larkgate-connect-'));
  const home = join(root, '家 home');
  const data = join(root, 'data');
  await mkdir(home, { recursive: true });
  await mkdir(data);
  const clock = new FakeClock();
  const signer = new Signer(Buffer.alloc(32, 7));
  const keys = await ClientKeys.open(data, { signer, clock });
  const machine = { platform, home, environment };
  const parts: ConnectionsParts = {
    dataFolder: data,
    machine,
    clock,
    keys,
    mcpUrl: () => mcpUrl,
    bridge: () => bridgeCommand,
    bundle: undefined,
    helloKey: 'hello-key',
  };
  const fileOf = (kind: ClientKind) => findPlace(clientSpec(kind), machine)?.file ?? '';
  return {
    machine,
    data,
    keys,
    clock,
    connections: new Connections(parts),
    reopen: (change) => new Connections({ ...parts, ...change }),
    fileOf,
    install: async (kind, text) => {
      const place = findPlace(clientSpec(kind), machine);
      if (!place) throw new Error(`${kind} has no file`);
      await mkdir(text === undefined ? place.folder : dirname(place.file), { recursive: true });
      if (text !== undefined) await writeFile(place.file, text);
      return place.file;
    },
    read: (file) => readFile(file, 'utf8'),
    beside: async (file) => (await readdir(dirname(file))).sort(),
    close: () => rm(root, { recursive: true, force: true }),
  };
}
