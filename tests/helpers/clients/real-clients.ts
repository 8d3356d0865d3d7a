import type { RealClient } from './client.ts';
import { inspectorCliClients } from './inspector-cli.ts';
import { inspectorDaemonClients } from './inspector-daemon.ts';
import { mcpRemoteClients } from './mcp-remote.ts';
import { sdkV1Clients } from './sdk-v1.ts';
import { sdkV2Clients } from './sdk-v2.ts';

/** Every client the gateway is shown with. */
export const realClients: readonly RealClient[] = [
  ...inspectorCliClients,
  ...inspectorDaemonClients,
  ...sdkV1Clients,
  ...sdkV2Clients,
  ...mcpRemoteClients,
];
