import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { bridgeCommand } from './bridge.ts';

type Command = ReturnType<typeof bridgeCommand>;

export interface StdioFront {
  url: string;
  close(): Promise<void>;
}

interface Front {
  child: ChildProcess;
  /** Those who wait for an answer, by the id of their request. */
  waiting: Map<unknown, ServerResponse>;
  main: ServerResponse | undefined;
}

/**
 * Lets a suite that speaks HTTP test a program that speaks standard input and output: one program a session. What the
 * server says by itself goes down the answer that is under way, as far as there is one.
 */
export async function openStdioFront(command: Command): Promise<StdioFront> {
  const fronts = new Map<string, Front>();
  const http = createServer(
    (request, response) => void handle(request, response, fronts, command).catch(() => response.destroy()),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    close: async () => {
      for (const { child } of fronts.values()) child.stdin?.end();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  fronts: Map<string, Front>,
  command: Command,
): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const front = fronts.get(String(id));
  if (request.method === 'POST') {
    const message = JSON.parse(await text(request));
    if (message.method !== 'initialize')
      return front ? post(front, message, response) : void response.writeHead(404).end();
    const session = randomUUID();
    const opened = open(command);
    fronts.set(session, opened);
    response.setHeader('mcp-session-id', session);
    return post(opened, message, response);
  }
  if (request.method !== 'GET' || !front) return void response.writeHead(front ? 200 : 404).end();
  front.main = stream(response);
}

function open({ command, args, env, cwd }: Command): Front {
  const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  const front: Front = { child, waiting: new Map(), main: undefined };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, method } = JSON.parse(line);
    const waiter = method === undefined ? front.waiting.get(id) : undefined;
    const target = waiter ?? [...front.waiting.values()].at(-1) ?? front.main;
    target?.write(`data: ${line}\n\n`);
    if (!waiter) return;
    front.waiting.delete(id);
    waiter.end();
  });
  return front;
}

function post({ child, waiting }: Front, message: { id?: unknown; method?: string }, response: ServerResponse): void {
  child.stdin?.write(`${JSON.stringify(message)}\n`);
  if (message.method === undefined || message.id === undefined) return void response.writeHead(202).end();
  waiting.set(message.id, stream(response));
}

function stream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return response;
}
