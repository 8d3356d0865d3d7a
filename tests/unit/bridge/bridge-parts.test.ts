import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../src-main/bridge/bridge-options.ts';
import { readEvents } from '../../../src-main/bridge/event-stream.ts';
import { readLines } from '../../../src-main/bridge/line-streams.ts';
import { readMessages, troubleAnswer } from '../../../src-main/bridge/message.ts';
import { modernHeaders } from '../../../src-main/bridge/modern-headers.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function* pieces(text: string, sizes: number[]): AsyncGenerator<string> {
  let at = 0;
  for (let index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield text.slice(at, at + size);
    at += size;
  }
}

describe('an event stream', () => {
  const text =
    ': hello\r\n\r\nid: s-1\nretry: 1500\ndata:\n\nid: s-2\rdata: {"a":1}\r\revent: other\ndata: no\n\ndata: {"b":\ndata: 2}\n\ndata: half';
  const expected = [
    { id: undefined, data: undefined, retry: undefined },
    { id: 's-1', data: '', retry: 1500 },
    { id: 's-2', data: '{"a":1}', retry: undefined },
    { id: undefined, data: '{"b":\n2}', retry: undefined },
  ];

  test('is read the same however it is cut, and a half event is none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
        expect(await all(readEvents(pieces(text, sizes)))).toEqual(expected);
      }),
    );
  });
});

describe('lines', () => {
  test('come whole however they are cut, in UTF-8 too, and one that is too long comes as none', async () => {
    const text = `{"a":"é😀"}\n\n${'x'.repeat(40)}\n{"b":1}\nhalf`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (size) => {
        const bytes = Buffer.from(text);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await all(readLines(Readable.from(chunks), 30))).toEqual(['{"a":"é😀"}', '', undefined, '{"b":1}']);
      }),
    );
  });
});

describe('what HTTP asks for in the era without sessions', () => {
  const headersOf = (method: string, params: object) => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const [message] =
      readMessages(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } })) ?? [];
    return message && modernHeaders(message);
  };

  test('stands in the headers, and what a header cannot hold is in base64', () => {
    expect(headersOf('tools/call', { name: 'im_v1_chat_list' })).toEqual({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'im_v1_chat_list',
    });
    expect(headersOf('tools/list', {})).toEqual({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' });
    expect(headersOf('resources/read', { uri: 'test://一' })?.['mcp-name']).toBe('=?base64?dGVzdDovL+S4gA==?=');
    expect(headersOf('prompts/get', { name: ' a' })?.['mcp-name']).toBe('=?base64?IGE=?=');
    expect(headersOf('prompts/get', { name: '' })?.['mcp-name']).toBe('=?base64??=');
    expect(headersOf('tools/call', { name: '=?base64?x?=' })?.['mcp-name']).toBe('=?base64?PT9iYXNlNjQ/eD89?=');
    expect(headersOf('toString', {})).toEqual({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'toString' });
  });
});

test('a batch comes as its messages; what is no JSON comes as nothing', () => {
  expect(readMessages('[{"id":1,"method":"a"},{"method":"b"}]')?.map(({ id, method }) => [id, method])).toEqual([
    [1, 'a'],
    [undefined, 'b'],
  ]);
  expect(readMessages('[{"id":1},3]')?.[1]?.text).toBe('3');
  expect(readMessages('nope')).toBeUndefined();
});

test('a model reads why its call failed; any other request is refused with a code', () => {
  const answerTo = (method: string) => {
    const [message] = readMessages(JSON.stringify({ id: 7, method })) ?? [];
    return message && troubleAnswer(message, 'outcome_unknown');
  };
  expect(answerTo('tools/call')).toMatchObject({
    id: 7,
    result: { isError: true, content: [{ text: expect.stringContaining('不要直接重发') }] },
  });
  expect(answerTo('resources/read')).toMatchObject({
    id: 7,
    error: { code: -32000, data: { code: 'outcome_unknown' } },
  });
});

describe('the command line', () => {
  const read = (argv: string[], platform: NodeJS.Platform = 'linux', environment = {}) =>
    readArguments(argv, { platform, home: '/home/lin', environment });

  test('names the data folder, or it is that of the application; a placeholder counts as nothing', () => {
    expect(read(['--data', '/d', '--client', 'amazon-quick', '--wait', '3'])).toEqual({
      dataFolder: '/d',
      client: 'amazon-quick',
      patienceMs: 3000,
    });
    expect(read([])).toMatchObject({ dataFolder: '/home/lin/.config/LarkGate/gateway', client: 'claude-desktop' });
    expect(read(['--data', '${user_config.data_folder}']).dataFolder).toBe('/home/lin/.config/LarkGate/gateway');
    expect(read(['--data', ''], 'darwin').dataFolder).toBe('/home/lin/Library/Application Support/LarkGate/gateway');
    expect(read([], 'win32', { APPDATA: '/roaming' }).dataFolder).toBe('/roaming/LarkGate/gateway');
    expect(read([], 'linux', { LARKGATE_DATA: '/l' }).dataFolder).toBe('/l');
    expect(read(['--wait', 'soon']).patienceMs).toBe(15_000);
  });
});
