import type {
  JSONRPCMessage,
  JSONRPCRequest,
  MessageExtraInfo,
  RequestId,
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/server';
import type { ToolResult } from '../providers/provider.ts';
import { visitOf } from './auth-info.ts';
import { type Call, newCall, type Stage, through } from './call.ts';
import type { Channel } from './channel.ts';
import type { Session } from './session.ts';

/** Any MCP server, such as the SDK's. */
export interface MountedServer {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
  sendToolListChanged(): Promise<void> | void;
}

/**
 * Puts another MCP server behind this gateway's stages. Its messages pass through untouched; its tool calls go through
 * `stages` on the way, as those of our own tools do.
 */
export class MountedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  readonly #channel: Channel;
  readonly #session: Session;
  readonly #stages: Stage[];
  readonly #waiting = new Map<RequestId, (answer: JSONRPCMessage) => void>();

  constructor(channel: Channel, session: Session, stages: Stage[]) {
    this.#channel = channel;
    this.#session = session;
    this.#stages = stages;
    channel.onclose = () => this.onclose?.();
    channel.onmessage = (message, extra) => this.#receive(message, extra);
  }

  get sessionId(): string {
    return this.#channel.sessionId;
  }

  async start(): Promise<void> {}

  setProtocolVersion(version: string): void {
    this.#channel.setProtocolVersion(version);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const waiting =
      'id' in message && message.id !== undefined && !('method' in message) ? this.#waiting.get(message.id) : undefined;
    waiting?.(message);
    await this.#channel.send(message, options);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  #receive(message: JSONRPCMessage, extra?: MessageExtraInfo): void {
    if ('method' in message && 'id' in message && message.method === 'tools/call') void this.#call(message, extra);
    else this.onmessage?.(message, extra);
  }

  async #call(request: JSONRPCRequest, extra?: MessageExtraInfo): Promise<void> {
    this.#session.calls += 1;
    const deliver = () =>
      new Promise<ToolResult>((resolve) => {
        this.#waiting.set(request.id, (answer) => {
          this.#waiting.delete(request.id);
          resolve({ content: [], isError: !('result' in answer) || answer.result['isError'] === true });
        });
        this.onmessage?.(request, extra);
      });
    await through(this.#stages, deliver)(callOf(request, this.#session, extra));
  }
}

function callOf(request: JSONRPCRequest, session: Session, extra: MessageExtraInfo | undefined): Call {
  const name = request.params?.['name'];
  const call = newCall({
    caller: visitOf(extra?.authInfo).caller,
    session,
    toolName: typeof name === 'string' ? name : '',
    input: request.params?.['arguments'],
    signal: new AbortController().signal,
    say: () => {},
  });
  call.accountId = session.accountId ?? call.caller.accountId;
  return call;
}
