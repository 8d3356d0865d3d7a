import type { Clock } from '../base/clock.ts';
import type { Notices } from '../base/notices.ts';
import type { Connections } from './connections.ts';

const everyMs = 30_000;

/** Tells the person when a connection is no longer as it was made, until the returned function is called. */
export function watchDrift(
  connections: Pick<Connections, 'list'>,
  parts: { clock: Clock; notices: Notices },
): () => void {
  let looking = false;
  return parts.clock.every(everyMs, () => {
    // A slow disk must not pile them up.
    if (looking) return;
    looking = true;
    noteDrift(connections, parts.notices)
      .catch(() => {})
      .finally(() => void (looking = false));
  });
}

/** Looks once. A notice stands for as long as the drift does. */
async function noteDrift(connections: Pick<Connections, 'list'>, notices: Notices): Promise<void> {
  for (const { kind, drift } of await connections.list()) {
    if (drift) notices.raise(`connect.${kind}`, 'warning', drift.words);
    else notices.clear(`connect.${kind}`);
  }
}
