import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTextAtomically } from '../base/files.ts';
import type { ClientKind } from '../contract/connect-views.ts';

/** What the stdio bridge of one client needs, in a file that only its owner can read. */
export interface BridgeSecrets {
  /** The client's key. */
  key: string;
  /** Proves the gateway's answer to /hello; base64url. */
  hello: string;
}

export function bridgeFilePath(dataFolder: string, kind: ClientKind): string {
  return join(dataFolder, 'bridge', `${kind}.json`);
}

export async function writeBridgeFile(dataFolder: string, kind: ClientKind, secrets: BridgeSecrets): Promise<void> {
  await writeTextAtomically(bridgeFilePath(dataFolder, kind), `${JSON.stringify({ version: 1, ...secrets })}\n`);
}

export async function removeBridgeFile(dataFolder: string, kind: ClientKind): Promise<void> {
  await rm(bridgeFilePath(dataFolder, kind), { force: true });
}
