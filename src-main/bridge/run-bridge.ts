import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { keepAlive } from '../base/keep-alive.ts';
import { write } from './answering.ts';
import { textOf } from './bridge-words.ts';
import { Courier } from './courier.ts';
import { GatewayDoor } from './gateway-door.ts';
import { LegacyEra } from './legacy-era.ts';
import { LineWriter, readLines } from './line-streams.ts';
import { type Message, readMessages } from './message.ts';
import { ModernEra } from './modern-era.ts';

export interface BridgeOptions {
  dataFolder: string;
  client: string;
  patienceMs: number;
  clock: Clock;
  input: Readable;
  output: Writable;
  say(words: string): void;
}

const mostLineBytes = 32 * 1024 * 1024;
/** As many requests may be under way; the client's next ones wait in its pipe. */
const mostRunning = 500;
const farewellMs = 500;

/** Carries messages between a client on standard input and output and the gateway, until the input ends. */
export async function runBridge(options: BridgeOptions): Promise<void> {
  const { dataFolder, client, patienceMs, clock, input, output, say } = options;
  // Waiting for the gateway is no reason to end, and nothing else here holds the process.
  const release = keepAlive();
  const over = new AbortController();
  output.on('error', () => over.abort());
  const out = new LineWriter(output);
  const door = new GatewayDoor({ dataFolder, client, clock });
  const courier = new Courier({ door, out, clock, patienceMs, say });
  const eras = { legacy: new LegacyEra(courier, over.signal), modern: new ModernEra(courier, over.signal) };
  const running = new Set<Promise<void>>();
  try {
    for await (const line of readLines(input, mostLineBytes)) {
      if (line?.trim() === '') continue;
      const messages = line === undefined ? undefined : readMessages(line);
      if (!messages) await write(out, refusal(line === undefined));
      for (const message of messages ?? []) track(running, (await take(message, eras)).done);
      if (running.size >= mostRunning) await Promise.race(running);
    }
  } finally {
    const farewell = AbortSignal.any([afterwards(clock)]);
    await eras.legacy.end(farewell);
    over.abort();
    door.close();
    release();
  }
}

function take(
  message: Message,
  { legacy, modern }: { legacy: LegacyEra; modern: ModernEra },
): Promise<{ done: Promise<void> }> {
  const canceled = message.method === 'notifications/cancelled' && modern.cancel(message.params['requestId']);
  if (canceled) return Promise.resolve({ done: Promise.resolve() });
  return message.modernVersion === undefined ? legacy.handle(message) : modern.handle(message);
}

function track(running: Set<Promise<void>>, done: Promise<void>): void {
  const tracked = done.catch(() => {}).finally(() => running.delete(tracked));
  running.add(tracked);
}

function afterwards(clock: Clock): AbortSignal {
  const late = new AbortController();
  clock.after(farewellMs, () => late.abort());
  return late.signal;
}

function refusal(tooLarge: boolean): object {
  const message = tooLarge ? textOf('too_large') : 'Parse error';
  return { jsonrpc: '2.0', id: null, error: { code: tooLarge ? -32000 : -32700, message } };
}
