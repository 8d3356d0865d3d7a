import { findFreePort } from '../base/free-port.ts';
import { findPortHolder } from '../base/port-holder.ts';
import type { PortHolderView } from '../contract/settings-views.ts';

/** Who listens on a port of this machine, and which one is free instead. */
export async function portView(port: number, own: number): Promise<PortHolderView> {
  if (port === own) return { port, state: 'self', holder: null, nextFree: null };
  // Looked for from the port itself on: when it is free it is the answer.
  const free = (await findFreePort(port - 1)) ?? null;
  if (free === port) return { port, state: 'free', holder: null, nextFree: null };
  const holder = await findPortHolder(port, process.platform);
  return { port, state: 'taken', holder: holder ?? null, nextFree: free };
}
