import { once } from 'node:events';
import { join } from 'node:path';
import { type DestinationStream, type Logger, pino } from 'pino';
import roll from 'pino-roll';
import type { Config } from '../contract/config.ts';
import { maskSecrets } from './mask.ts';

export type Log = Logger;

/** A log that its maker closes. */
export type OpenLog = Log & { close(): Promise<void> };

/**
 * The one logger: a JSON object per line in `<folder>/logs/larkgate.<n>.log`, rotated by size, every line masked.
 * While the file cannot be written, lines go to stderr instead: a full disk must not stop the gateway.
 */
export async function createLog(folder: string, settings: Config['log']): Promise<OpenLog> {
  const options = {
    level: settings.level,
    base: null,
    timestamp: () => `,"ts":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => escapeHidden(maskSecrets(line)) },
  };
  if (settings.level === 'silent') return Object.assign(pino(options), { close: async () => {} });
  const target = await openTarget(folder, settings);
  return Object.assign(pino(options, target), { close: () => target.close() });
}

/** A logger that writes nothing, for parts that are tested alone. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}

type Target = DestinationStream & { close(): Promise<void> };

async function openTarget(folder: string, settings: Config['log']): Promise<Target> {
  try {
    const file = await roll({
      file: join(folder, 'logs', 'larkgate'),
      extension: '.log',
      size: `${settings.megabytes}m`,
      limit: { count: settings.files, removeOtherLogFiles: true },
      mkdir: true,
      mode: 0o600,
      // Bytes that may wait for a disk that is full; what comes after them is on stderr only.
      maxLength: 1024 * 1024,
    });
    await once(file, 'ready');
    return withFallback(file);
  } catch {
    return { write: (line) => process.stderr.write(line), close: async () => {} };
  }
}

function withFallback(file: Awaited<ReturnType<typeof roll>>): Target & { flush: typeof file.flush } {
  let failing = false;
  file.on('error', () => (failing = true));
  file.on('write', () => (failing = false));
  return {
    write: (line: string) => {
      if (failing) process.stderr.write(line);
      file.write(line);
    },
    flush: (done?: (error?: Error) => void) => file.flush(done),
    close: () =>
      new Promise((resolve) => {
        file.once('close', () => resolve());
        // What waits for a full disk would be waited for without end, and its last lines are no reason to fail.
        file.on('error', () => file.destroy());
        if (failing) file.destroy();
        else file.end();
      }),
  };
}

/**
 * Characters that JSON allows as they are, but that break or reorder a line on a screen: DEL and the C1 controls (one of
 * them begins an ANSI sequence), line separators, and marks of writing direction.
 */
function escapeHidden(line: string): string {
  return line
    .toWellFormed()
    .replace(
      /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
