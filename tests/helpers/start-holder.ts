import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectFolder } from './run-node.ts';

export interface Holder {
  order(what: 'use' | 'refused' | 'renew now' | 'renewals'): Promise<unknown>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface HolderOptions {
  folder: string;
  url: string;
  accountId: string;
  /** Where it renews. */
  how: 'itself' | 'child';
}

/** Starts a process that holds the accounts of a data folder: token-holder.ts. */
export function startHolder({ folder, url, accountId, how }: HolderOptions): Holder {
  const argv = ['tests/helpers/token-holder.ts', folder, url, accountId, how];
  const child = spawn(process.execPath, argv, { cwd: projectFolder, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  return {
    order: async (what) => {
      child.stdin.write(`${what}\n`);
      const line = await lines.next();
      return line.done ? 'killed' : JSON.parse(line.value);
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
