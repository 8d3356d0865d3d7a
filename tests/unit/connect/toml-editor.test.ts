import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenFile } from '../../../src-main/connect/broken-file.ts';
import { serversIn } from '../../../src-main/connect/config-editor.ts';
import { editorFor } from '../../../src-main/connect/editor-for.ts';

const editor = editorFor({ format: 'toml', at: ['mcp_servers'] });
const entry = { url: 'http://127.0.0.1:5275/mcp', http_headers: { Authorization: 'Bearer lg_x' } };
const block = (eol = '\n') =>
  `[mcp_servers.larkgate]${eol}url = "http://127.0.0.1:5275/mcp"${eol}http_headers = { Authorization = "Bearer lg_x" }${eol}`;

const put = (text: string, keep = true) => editor.put(text, 'larkgate', entry, keep).text;
const take = (text: string) => editor.take(text, 'larkgate', 0);
const entryIn = (text: string) => serversIn(editor.read(text), ['mcp_servers'])['larkgate'];

const documents = {
  'comments and other servers':
    '# 我的配置 😀\nmodel = "o5" # best\n\n[mcp_servers.other] # mine\ncommand = "npx"\nargs = [\n  "-y", # yes\n  "x",\n]\n# the end\n',
  'texts that look like tables': 'a = """\n[mcp_servers.larkgate]\n"""\nb = \'[mcp_servers.larkgate]\'\n',
  'Windows line endings': 'model = "o5"\r\n\r\n[profiles.a]\r\nx = 1\r\n',
  'dotted keys for a server': 'mcp_servers.other.command = "x"\n',
  'a table of servers': '[mcp_servers]\nother = { command = "x" }\n',
  'lists of tables': '[[things]]\na = 1\n\n[[things]]\na = 2\n',
};

describe.each(Object.entries(documents))('a file with %s', (_name, text) => {
  test('gets the entry at its end and is otherwise the same', () => {
    const after = put(text);
    expect(after).toBe(text + (text.includes('\r\n') ? '\r\n' : '\n') + block(text.includes('\r\n') ? '\r\n' : '\n'));
    expect(entryIn(after)).toEqual(entry);
  });

  test('is byte for byte what it was when the entry is taken out again', () => {
    expect(take(put(text))).toBe(text);
  });

  test('is not changed by putting in what is there', () => {
    expect(put(put(text))).toBe(put(text));
  });
});

test('an empty file becomes the entry, and a last line without an end gets one', () => {
  expect(put('')).toBe(block());
  expect(put('a = 1')).toBe(`a = 1\n\n${block()}`);
});

describe('an entry that is there', () => {
  const mine = `a = 1\n\n[mcp_servers.larkgate] # LarkGate\nurl = "old"\n# slow network\nstartup_timeout_sec = 30\n\n[mcp_servers.larkgate.http_headers]\nAuthorization = "Bearer old"\n\n[mcp_servers.larkgate.tools]\nx = true\n\n[tail]\nb = 2\n`;

  test('keeps what others added to it, and its comments', () => {
    const after = put(mine);
    expect(entryIn(after)).toEqual({ ...entry, startup_timeout_sec: 30, tools: { x: true } });
    expect(after).toContain('# slow network');
    expect(after).toContain('[mcp_servers.larkgate] # LarkGate');
  });

  test('is replaced as a whole when it is to be', () => {
    expect(put(mine, false)).toBe(`a = 1\n\n[tail]\nb = 2\n\n${block()}`);
  });

  test('goes with everything that belongs to it, and nothing else', () => {
    expect(take(mine)).toBe('a = 1\n\n[tail]\nb = 2\n');
  });

  test.each([
    'mcp_servers.larkgate.url = "old"\nmcp_servers.larkgate.enabled = true\nmodel = "x"\n',
    '[mcp_servers]\nlarkgate = { url = "old" }\nother.command = "x"\n',
    '[mcp_servers]\nlarkgate.url = "old"\n',
    '[ mcp_servers . "larkgate" ]\nurl = "old"',
  ])('in another form is found, replaced and taken out: %j', (text) => {
    expect(entryIn(put(text))).toMatchObject(entry);
    expect(entryIn(take(text))).toBeUndefined();
    expect(take(put(text))).not.toContain('larkgate');
  });
});

describe('a broken file', () => {
  const refused = (text: string) => {
    try {
      put(text);
    } catch (error) {
      if (error instanceof BrokenFile) return [error.breakage, error.position];
      throw error;
    }
    return 'taken';
  };

  test('is refused with the line and the column', () => {
    expect(refused('a = 1\nb = = 2\n')).toEqual(['syntax', { line: 2, column: 5 }]);
    expect(refused('a = "open\n')).toEqual(['syntax', expect.objectContaining({ line: 1 })]);
    expect(refused('[mcp_servers.larkgate\n')).toEqual(['syntax', expect.anything()]);
  });

  test('with a key or a table twice is refused', () => {
    expect(refused('a = 1\na = 2\n')).toEqual(['duplicate', expect.objectContaining({ line: 2 })]);
    expect(refused('[x]\n[x]\n')).toEqual(['duplicate', expect.objectContaining({ line: 2 })]);
  });

  test('that keeps its servers in one inline table is refused: nothing can be added to one', () => {
    expect(refused('mcp_servers = { other = { command = "x" } }\n')).toEqual(['inline_table', { line: 1, column: 15 }]);
    expect(refused('mcp_servers = 1\n')).toEqual(['shape', { line: 1, column: 15 }]);
    expect(refused('[[mcp_servers]]\na = 1\n')).toEqual(['shape', { line: 1, column: 1 }]);
  });
});

const line = fc.constantFrom(
  '# a comment',
  '',
  'a = 1 # one',
  'b = "😀 [x]"',
  "c = '''\n[not.a.table]\n'''",
  'd = [\n  1, # x\n  2\n]',
  'e = { f = 1 }',
  'when = 2026-11-21T10:00:00Z',
);
const table = fc
  .tuple(
    fc.constantFrom('t', 'u.v', 'mcp_servers.x', 'mcp_servers."y z"', '"mcp_servers".w'),
    fc.uniqueArray(line, { maxLength: 4 }),
  )
  .map(([name, lines]) => [`[${name}]`, ...lines].join('\n'));

test('whatever a file looks like, it is byte for byte what it was when the entry is taken out again', () => {
  const whole = fc
    .tuple(
      fc.uniqueArray(line, { maxLength: 4 }),
      fc.uniqueArray(table, { maxLength: 3, selector: (text) => text.split('\n')[0] }),
      fc.constantFrom('\n', '\r\n'),
    )
    .map(([lines, tables, eol]) => `${[...lines, ...tables].join('\n')}\n`.replaceAll('\n', eol));
  fc.assert(
    fc.property(whole, (text) => {
      const after = put(text);
      expect(entryIn(after)).toEqual(entry);
      expect(after.startsWith(text)).toBe(true);
      if (text.trim() !== '') expect(take(after)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});
