import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { type Endpoint, type Job, type Load, type LoadJob, replySchema } from './jobs.ts';

/** The benchmark's own two processes. They end when their parent does. */
export interface Upstream {
  url: string;
  stop(): void;
}

export async function startUpstream(): Promise<Upstream> {
  const child = forkBeside('upstream.ts');
  const [message] = await once(child, 'message');
  return { url: z.object({ url: z.url() }).parse(message).url, stop: () => child.disconnect() };
}

export class Generator {
  readonly #child = forkBeside('generator.ts');

  async load(job: Omit<LoadJob, 'do'>): Promise<Load> {
    const load = await this.#ask({ do: 'load', ...job });
    if (!load) throw new Error('The generator measured nothing');
    return load;
  }

  async open(endpoint: Endpoint, clients: number): Promise<void> {
    await this.#ask({ do: 'open', endpoint, clients });
  }

  async close(): Promise<void> {
    await this.#ask({ do: 'close' });
  }

  stop(): void {
    this.#child.disconnect();
  }

  async #ask(job: Job): Promise<Load | null> {
    this.#child.send(job);
    const [message] = await once(this.#child, 'message');
    const reply = replySchema.parse(message);
    if ('error' in reply) throw new Error(reply.error);
    return reply.result;
  }
}

function forkBeside(file: string): ChildProcess {
  const child = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return child.once('exit', (code) => {
    if (code !== 0) throw new Error(`${file} ended with ${code}`);
  });
}
