import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as openRequest,
} from 'node:http';
import { connect } from 'node:net';

export interface RawRequest {
  method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'OPTIONS';
  /** Sent as it stands, after `Host`. */
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends exactly what it is given, without the repairs a fetch would make, and reads the answer to its end. */
export async function send(url: string, raw: RawRequest = {}): Promise<RawAnswer> {
  const answer = await open(url, raw);
  answer.setEncoding('utf8');
  let body = '';
  for await (const text of answer) body += text;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

async function open(url: string, raw: RawRequest): Promise<IncomingMessage> {
  const target = new URL(url);
  const outgoing = openRequest({
    host: target.hostname.replaceAll(/[[\]]/g, ''),
    port: target.port,
    path: target.pathname + target.search,
    method: raw.method ?? 'GET',
    setHost: false,
    headers: { host: target.host, ...raw.headers },
    agent: false,
  });
  outgoing.end(raw.body);
  // A server may refuse a body before it has read it; what counts is the answer, not the broken pipe after it.
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', (answer) => {
      outgoing.on('error', () => {});
      resolve(answer);
    });
    outgoing.once('error', reject);
  });
  return answered;
}

/** One block of an event stream: its fields as they were written, absent where they were not. */
interface StreamEvent {
  event?: string;
  id?: string;
  retry?: string;
  data?: string;
  comment?: string;
}

export interface RawStream {
  status: number;
  headers: IncomingHttpHeaders;
  /** The next block, comments included; undefined at the end of the stream. */
  next(): Promise<StreamEvent | undefined>;
  /** The next block that carries a message, parsed. */
  nextMessage(): Promise<unknown>;
  /** Drops the connection without a goodbye. */
  drop(): void;
}

export async function openStream(url: string, raw: RawRequest = {}): Promise<RawStream> {
  const answer = await open(url, { ...raw, headers: { accept: 'text/event-stream', ...raw.headers } });
  answer.setEncoding('utf8');
  const blocks = readBlocks(answer);
  const next = async () => (await blocks.next()).value;
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    next,
    nextMessage: async () => {
      for (let block = await next(); block; block = await next()) {
        if ((block.event ?? 'message') === 'message' && block.data) return JSON.parse(block.data);
      }
      throw new Error('The stream ended');
    },
    drop: () => answer.destroy(),
  };
}

async function* readBlocks(text: AsyncIterable<string>): AsyncGenerator<StreamEvent, undefined> {
  let rest = '';
  for await (const chunk of text) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield parseBlock(block);
  }
  return undefined;
}

/** WHATWG HTML, 9.2.6 "Interpreting an event stream", for streams that end their lines with LF only. */
function parseBlock(block: string): StreamEvent {
  const event: StreamEvent = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === '') event.comment = value;
    else if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
    else if (name === 'event' || name === 'id' || name === 'retry') event[name] = value;
  }
  return event;
}

/** Writes bytes to the port and reads until the server closes the connection: for what is not HTTP at all. */
export async function speak(url: string, bytes: string): Promise<string> {
  const target = new URL(url);
  const socket = connect(Number(target.port), target.hostname);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => void (heard += text));
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}
