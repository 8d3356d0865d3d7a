import { Fault } from '../base/fault.ts';
import type { ConnectMethod, ConnectOutput, ParsedConnectInput } from '../contract/connect-views.ts';
import type { Connections } from './connections.ts';

type ConnectHandlers = { [M in ConnectMethod]: (input: ParsedConnectInput<M>) => Promise<ConnectOutput<M>> };

/** Answers the control methods that connect clients. Without `connections` each rejects with `not_found`. */
export function connectHandlers(connections: Connections | undefined): ConnectHandlers {
  const known = (): Connections => {
    if (!connections) throw new Fault('not_found');
    return connections;
  };
  return {
    connectClients: async () => ({ clients: await known().list() }),
    planClient: async (input) => ({ plan: await known().plan(input) }),
    connectClient: async (input) => known().connect(input),
    disconnectClient: async (input) => known().disconnect(input),
  };
}
