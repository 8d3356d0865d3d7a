import { Fault } from '../base/fault.ts';
import type { GatewayLink } from './gateway-link.ts';

/** Notices that say that what was done lasts only as long as the process that did it. */
const lost: ReadonlySet<string> = new Set(['tokens.unwritable', 'tokens.newer', 'tokens.key_lost']);

/** Rejects with `storage` when a change of accounts or apps is not on disk: the command ends, and with it the change. */
export async function requireKept(link: GatewayLink): Promise<void> {
  const { notices } = await link.call('snapshot', {});
  const reason = notices.find(({ id }) => lost.has(id));
  if (reason) throw new Fault('storage', { words: reason.words });
}
