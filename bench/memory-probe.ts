import { once } from 'node:events';
import { z } from 'zod';

/** Asks a server what it really holds (Chrome DevTools protocol). */
export interface MemoryProbe {
  /** Megabytes in use, right after a garbage collection: heap and buffers. */
  usedMb(): Promise<number>;
  close(): void;
}

const answerSchema = z.object({
  id: z.int(),
  result: z.object({ result: z.object({ value: z.number() }).optional() }),
});

const targetsSchema = z.tuple([z.object({ webSocketDebuggerUrl: z.url() })]);

/** `port` is the one that the server got with `--inspect`. */
export async function openMemoryProbe(port: number): Promise<MemoryProbe> {
  const targets = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [{ webSocketDebuggerUrl }] = targetsSchema.parse(await targets.json());
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, 'open');
  let ids = 0;
  const ask = async (method: string, params = {}): Promise<number | undefined> => {
    ids += 1;
    socket.send(JSON.stringify({ id: ids, method, params }));
    const [{ data }] = await once(socket, 'message');
    return answerSchema.parse(JSON.parse(String(data))).result.result?.value;
  };
  const expression = 'process.memoryUsage().heapUsed + process.memoryUsage().external';
  return {
    usedMb: async () => {
      await ask('HeapProfiler.collectGarbage');
      const bytes = await ask('Runtime.evaluate', { expression });
      if (bytes === undefined) throw new Error('The inspector did not answer');
      return bytes / 2 ** 20;
    },
    close: () => socket.close(),
  };
}
