import './base/zod-settings.ts';
import { join, resolve } from 'node:path';
import { systemClock } from './base/clock.ts';
import { Fault } from './base/fault.ts';
import { createNodeHost } from './base/host.ts';
import { Signer } from './base/signer.ts';
import { type Command, parseCommand, usage } from './cli.ts';
import { serve } from './serve.ts';
import { ClientKeys } from './server/client-keys.ts';
import { version } from './version.ts';

/** Runs one command line of the program in `programFolder`; resolves to the exit code. */
export async function run(argv: string[], programFolder: string): Promise<number> {
  try {
    return await execute(parseCommand(argv), programFolder);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    process.stderr.write(`${fault.words.zh}\n${fault.words.en}\n`);
    const why = fault.details?.['why'] ?? (fault.code === 'internal' ? fault.cause : undefined);
    if (why !== undefined) process.stderr.write(`${why instanceof Error ? why.message : JSON.stringify(why)}\n`);
    return 1;
  }
}

async function execute(command: Command, programFolder: string): Promise<number> {
  switch (command.name) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      process.stdout.write(`${version}\n`);
      return 0;
    case 'keys':
      return manageKeys(command);
    case 'serve':
      return serve(command, { data: dataFolder(command), program: programFolder });
  }
}

/** The sandbox keeps to a folder of its own, so that trying never touches the real accounts. */
function dataFolder({ data, sandbox }: { data: string | undefined; sandbox: boolean }): string {
  const folder = data ?? process.env['LARKGATE_DATA'] ?? 'data';
  return resolve(data === undefined && sandbox ? join(folder, 'sandbox') : folder);
}

async function manageKeys(command: Extract<Command, { name: 'keys' }>): Promise<number> {
  const host = await createNodeHost(dataFolder(command));
  const keys = await ClientKeys.open(host.dataFolder, {
    signer: new Signer(await host.masterKey()),
    clock: systemClock,
  });
  if (command.action === 'add') {
    const { id, secret } = await keys.add(command.subject ?? '');
    process.stdout.write(`${secret}\n`);
    process.stderr.write(
      `密钥 ${id} 已创建，上面是它唯一一次显示。\nKey ${id} made. It is shown above for the only time.\n`,
    );
    return 0;
  }
  if (command.action === 'revoke') {
    if (await keys.revoke(command.subject ?? '')) return 0;
    throw new Fault('config_invalid', { words: { zh: '没有这个密钥。', en: 'There is no such key.' } });
  }
  for (const key of keys.list())
    process.stdout.write(`${key.id}\t${key.name}\t${new Date(key.createdAt).toISOString()}\n`);
  return 0;
}
