import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Host } from '../base/host.ts';
import { readRunFile } from '../base/run-file.ts';
import { Signer } from '../base/signer.ts';
import { Connections } from '../connect/connections.ts';
import type { BridgeCommand } from '../connect/entry.ts';
import type { Machine } from '../connect/machine.ts';
import type { ClientKind } from '../contract/connect-views.ts';
import type { Config } from '../contract/config.ts';
import { ClientKeys } from '../server/client-keys.ts';

export interface LocalParts {
  host: Pick<Host, 'dataFolder' | 'masterKey'>;
  settings: Pick<Config, 'server'>;
  clock: Clock;
  machine: Machine;
  /** Where the running program's file is: the bridge is beside it. */
  programFolder: string;
  /** The Node that runs this program; undefined where there is none to be named. */
  runtime: string | undefined;
}

/**
 * The connections of a data folder, in this process: the environment that decides where clients keep their files is then
 * that of the person who types. A gateway that runs reads the keys by itself.
 */
export async function openLocalConnections(parts: LocalParts): Promise<Connections> {
  const { host, settings, clock, machine, programFolder, runtime } = parts;
  const signer = new Signer(await host.masterKey());
  const keys = await ClientKeys.open(host.dataFolder, { signer, clock });
  const port = (await readRunFile(host.dataFolder))?.port ?? settings.server.port;
  return new Connections({
    dataFolder: host.dataFolder,
    machine,
    clock,
    keys,
    mcpUrl: () => `http://127.0.0.1:${port}/mcp`,
    bridge: (kind) =>
      runtime === undefined ? undefined : bridgeCommand(kind, { runtime, programFolder, dataFolder: host.dataFolder }),
    bundle: join(programFolder, 'larkgate.mcpb'),
    helloKey: signer.keyFor('hello').toString('base64url'),
  });
}

/** How a client runs the bridge. Nothing in it is secret. */
export function bridgeCommand(
  kind: ClientKind,
  { runtime, programFolder, dataFolder }: { runtime: string; programFolder: string; dataFolder: string },
): BridgeCommand {
  return { command: runtime, args: [join(programFolder, 'bridge.mjs'), '--data', dataFolder, '--client', kind] };
}
