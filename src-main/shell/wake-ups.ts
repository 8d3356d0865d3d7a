import type { NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { ElectronApi } from './electron-api.ts';

export interface WakeUpParts {
  electron: Pick<ElectronApi, 'powerMonitor' | 'net'>;
  clock: Pick<Clock, 'every'>;
  interfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>;
}

const networkMs = 10_000;

/** Tells when what failed may work again: the machine woke, was unlocked, or is on another network. Returns the stop. */
export function watchWakeUps({ electron, clock, interfaces }: WakeUpParts, wake: () => void): () => void {
  const { powerMonitor, net } = electron;
  const look = () => networkOf(interfaces(), net.isOnline());
  let network = look();
  // Electron's main process is not told of a network that changes: it has to look.
  const stopLooking = clock.every(networkMs, () => {
    const before = network;
    network = look();
    if (network !== before && network !== '') wake();
  });
  const awake = () => {
    network = look();
    wake();
  };
  powerMonitor.on('resume', awake);
  powerMonitor.on('unlock-screen', awake);
  return () => {
    stopLooking();
    powerMonitor.off('resume', awake);
    powerMonitor.off('unlock-screen', awake);
  };
}

/** The addresses of this machine in one text; empty when it is offline. */
function networkOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>, online: boolean): string {
  if (!online) return '';
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  return addresses
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
