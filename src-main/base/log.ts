import { join } from 'node:path';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import roll from 'pino-roll';
import type { Config } from '../contract/config.ts';
import { maskSecrets } from './mask.ts';

export type Log = Logger;

/** The one logger: a JSON object per line in `<folder>/larkgate.<n>.log`, rotated by size, every line masked. */
export async function createLog(folder: string, settings: Config['log']): Promise<Log> {
  const options = {
    level: settings.level,
    base: null,
    timestamp: () => `,"ts":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: maskSecrets },
  };
  if (settings.level === 'silent') return pino(options);
  try {
    const file = await roll({
      file: join(folder, 'logs', 'larkgate'),
      extension: '.log',
      size: `${settings.megabytes}m`,
      limit: { count: settings.files },
      mkdir: true,
      mode: 0o600,
    });
    // A log that cannot be written must not stop the gateway.
    file.on('error', () => {});
    return pino(options, file);
  } catch {
    return pino(options, process.stderr);
  }
}

/** A logger that writes nothing, for parts that are tested alone. */
export function silentLog(): Log {
  return pino({ level: 'silent', timestamp: stdTimeFunctions.nullTime });
}
