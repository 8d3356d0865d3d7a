import { systemClock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Host } from '../base/host.ts';
import { Signer } from '../base/signer.ts';
import type { Command } from '../cli.ts';
import { ClientKeys } from '../server/client-keys.ts';
import { openTerminal } from './terminal.ts';

/** `larkgate keys`: works on the file, which a running gateway reads again by itself. */
export async function manageKeys(command: Extract<Command, { name: 'keys' }>, host: Host): Promise<void> {
  const terminal = openTerminal(command);
  const keys = await ClientKeys.open(host.dataFolder, {
    signer: new Signer(await host.masterKey()),
    clock: systemClock,
  });
  const { action, subject = '' } = command;
  if (action === 'add') {
    const { id, secret } = await keys.add(subject);
    terminal.result({ id, secret }, secret);
    terminal.say({
      zh: `密钥 ${id} 已创建，上面是它唯一一次显示。`,
      en: `Key ${id} made. It is shown above for the only time.`,
    });
    return;
  }
  if (action === 'revoke') {
    if (await keys.revoke(subject)) return;
    throw new Fault('config_invalid', { words: { zh: '没有这个密钥。', en: 'There is no such key.' } });
  }
  const list = keys.list().filter(({ keyId }) => keyId !== 'default');
  const lines = list.map(({ keyId, name, createdAt }) => `${keyId}\t${name}\t${new Date(createdAt).toISOString()}`);
  terminal.result({ keys: list }, lines.join('\n'));
}
