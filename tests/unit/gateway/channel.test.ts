import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { Channel } from '../../../src-main/gateway/channel.ts';
import type { StreamSink } from '../../../src-main/gateway/event-stream.ts';
import { type Wire, prepare, toText } from '../../../src-main/gateway/prepared.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

class Client {
  documents: string[] = [];
  streams: TestSink[] = [];
  accepted = 0;
  reply = {
    accepted: () => void (this.accepted += 1),
    json: (wire: Wire) => void this.documents.push(toText(wire)),
    stream: () => {
      const sink = new TestSink();
      this.streams.push(sink);
      return sink;
    },
    onGone: () => {},
  };
}

class TestSink implements StreamSink {
  text = '';
  waiting = 0;
  state: 'open' | 'ended' | 'destroyed' = 'open';
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.state = 'ended';
  }
  destroy(): void {
    this.state = 'destroyed';
  }
  get messages(): unknown[] {
    return [...this.text.matchAll(/^data: (.+)$/gm)].map((match) => JSON.parse(match[1] ?? ''));
  }
  get lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1];
  }
}

function openChannel(options: Partial<ConstructorParameters<typeof Channel>[0]> = {}) {
  const clock = new FakeClock();
  const channel = new Channel({
    clock,
    sessionId: 'abc',
    queueBytes: 1000,
    replayBytes: 10_000,
    patienceMs: 1000,
    retryMs: 3000,
    singleStream: false,
    ...options,
  });
  channel.setProtocolVersion('2025-11-25');
  const heard: JSONRPCMessage[] = [];
  channel.onmessage = (message) => void heard.push(message);
  const authInfo = { token: '', clientId: 'k', scopes: [] };
  const post = (messages: JSONRPCMessage[], batch = false) => {
    const client = new Client();
    channel.receive(messages, client.reply, { batch, authInfo });
    return client;
  };
  return { clock, channel, heard, post };
}

const ask = (id: number | string, method = 'tools/call'): JSONRPCMessage => ({ jsonrpc: '2.0', id, method });
const answer = (id: number | string, value: unknown = id): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  result: { value },
});
const note = (text: string): JSONRPCMessage => ({ jsonrpc: '2.0', method: 'notifications/message', params: { text } });

describe('Channel', () => {
  test('a quick answer is one JSON document', async () => {
    const { channel, post } = openChannel();
    const client = post([ask(1)]);
    await channel.send(answer(1));
    expect(client.documents.map((text) => JSON.parse(text))).toEqual([answer(1)]);
    expect(client.streams).toEqual([]);
  });

  test('a slow answer becomes a stream that can be resumed, and arrives there', async () => {
    const { channel, clock, post } = openChannel();
    const client = post([ask(1)]);
    await clock.advance(1000);
    expect(client.streams[0]?.text).toMatch(/^id: [\w.]+-0\nretry: 3000\ndata: \n\n$/);
    await channel.send(answer(1));
    expect(client.streams[0]).toMatchObject({ messages: [answer(1)], state: 'ended' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('what is said during a call goes down the stream of that call, before its answer', async () => {
    const { channel, post } = openChannel();
    const [first, second] = [post([ask(1)]), post([ask(2)])];
    await channel.send(note('working'), { relatedRequestId: 2 });
    await channel.send(answer(2));
    await channel.send(answer(1));
    expect(second.streams[0]?.messages).toEqual([note('working'), answer(2)]);
    expect(first.documents).toHaveLength(1);
  });

  test('a client that lost the stream of a call gets the rest by its last event id, once', async () => {
    const { channel, post } = openChannel();
    const client = post([ask(1)]);
    await channel.send(note('one'), { relatedRequestId: 1 });
    const seen = client.streams[0]?.lastId;
    await channel.send(note('two'), { relatedRequestId: 1 });
    await channel.send(answer(1));
    const again = new TestSink();
    channel.connect(again, seen);
    expect(again).toMatchObject({ messages: [note('two'), answer(1)], state: 'ended' });
  });

  test('an unknown last event id costs nothing: the main stream opens', async () => {
    const { channel } = openChannel();
    const sink = new TestSink();
    channel.connect(sink, 'nonsense');
    await channel.send(note('hello'));
    expect(sink.messages).toEqual([note('hello')]);
  });

  test('a request that an earlier run took with it is answered as lost, and the main stream is left alone', async () => {
    const before = openChannel();
    const client = before.post([ask('call-1')]);
    await before.channel.send(note('working'), { relatedRequestId: 'call-1' });
    const { channel } = openChannel();
    const main = new TestSink();
    channel.connect(main, undefined);
    const again = new TestSink();
    channel.connect(again, client.streams[0]?.lastId);
    expect(again).toMatchObject({
      messages: [{ id: 'call-1', error: { data: { code: 'outcome_unknown' } } }],
      state: 'ended',
    });
    expect(main.state).toBe('open');
  });

  test('a batch is answered as a batch, when its last answer is there', async () => {
    const { channel, post } = openChannel();
    const client = post([ask(1), ask(2)], true);
    await channel.send(answer(2));
    expect(client.documents).toEqual([]);
    await channel.send(answer(1));
    expect(JSON.parse(client.documents[0] ?? '')).toEqual([answer(2), answer(1)]);
  });

  test('a request id that is still running is refused: answers cannot be crossed', () => {
    const { post } = openChannel();
    post([ask(1)]);
    expect(() => post([ask(1)])).toThrow('still running');
    expect(() => post([ask(7), ask(7)], true)).toThrow('still running');
  });

  test('a canceled request ends its response, and its id is free again', async () => {
    const { post } = openChannel();
    const client = post([ask(1)]);
    post([{ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }]);
    expect(client.accepted).toBe(1);
    expect(() => post([ask(1)])).not.toThrow();
  });

  test('the gateway’s own question is answered to the gateway, not to the client', async () => {
    const { channel } = openChannel();
    const sink = new TestSink();
    channel.connect(sink, undefined);
    const asked = channel.ask({ jsonrpc: '2.0', id: 'own', method: 'initialize' });
    await channel.send(answer('own'));
    expect(await asked).toEqual(answer('own'));
    expect(sink.messages).toEqual([]);
  });

  test('a client that does not read is cut off, and can come back for what it missed', async () => {
    const { channel } = openChannel();
    const sink = new TestSink();
    channel.connect(sink, undefined);
    sink.waiting = 1001;
    await channel.send(note('lost'));
    expect(sink.state).toBe('destroyed');
    const again = new TestSink();
    channel.connect(again, 'main-0');
    expect(again.messages).toEqual([note('lost')]);
  });

  test('an answer that was made beforehand goes out like any other, as a document, in a batch and on a stream', async () => {
    const { channel, post } = openChannel();
    const ready: JSONRPCMessage = { jsonrpc: '2.0', id: 1, result: prepare({ tools: ['工具'] }) };
    const alone = post([ask(1)]);
    await channel.send(ready);
    const batch = post([ask(1), ask(2)], true);
    await channel.send(ready);
    await channel.send(answer(2));
    const stream = post([ask(1)]);
    await channel.send(note('first'), { relatedRequestId: 1 });
    await channel.send(ready);
    expect(JSON.parse(alone.documents[0] ?? '')).toEqual(ready);
    expect(JSON.parse(batch.documents[0] ?? '')).toEqual([ready, answer(2)]);
    expect(stream.streams[0]?.messages).toEqual([note('first'), ready]);
  });

  test('what was said to a client before it came back to a new run is not skipped', async () => {
    const { channel } = openChannel({ singleStream: true });
    await channel.send(note('early'));
    const sink = new TestSink();
    channel.connect(sink, 'abc-57');
    expect(sink.messages).toEqual([note('early')]);
  });

  test('the older transport answers everything on its one stream, also after a reconnection', async () => {
    const { channel, post } = openChannel({ singleStream: true });
    const sink = new TestSink();
    const disconnect = channel.connect(sink, undefined);
    const client = post([ask(1), ask(2)]);
    expect(client.accepted).toBe(1);
    await channel.send(answer(2));
    disconnect();
    await channel.send(answer(1));
    const again = new TestSink();
    channel.connect(again, sink.lastId);
    expect([sink.messages, again.messages]).toEqual([[answer(2)], [answer(1)]]);
  });

  test('what is kept for a client that is away is bounded in bytes', async () => {
    const { channel } = openChannel({ replayBytes: 200 });
    for (let n = 0; n < 100; n += 1) await channel.send(note(`${n}`.padStart(20)));
    const sink = new TestSink();
    channel.connect(sink, 'main-0');
    expect(sink.messages.length).toBeLessThanOrEqual(3);
    expect(sink.messages.at(-1)).toEqual(note('99'.padStart(20)));
  });
});
