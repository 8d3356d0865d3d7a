import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenFile } from '../../../src-main/connect/broken-file.ts';
import { serversIn } from '../../../src-main/connect/config-editor.ts';
import { editorFor } from '../../../src-main/connect/editor-for.ts';

const editor = editorFor({ format: 'jsonc', at: ['mcpServers'] });
const strict = editorFor({ format: 'json', at: ['mcpServers'] });
const entry = { url: 'http://127.0.0.1:5275/mcp', headers: { Authorization: 'Bearer lg_x' } };

const put = (text: string, keep = true) => editor.put(text, 'larkgate', entry, keep);
/** Puts the entry in and takes it out again. */
function roundTrip(text: string): string {
  const placed = put(text);
  return editor.take(placed.text, 'larkgate', placed.created);
}

const documents = {
  'two spaces': '{\n  "mcpServers": {\n    "other": { "command": "x" }\n  }\n}\n',
  tabs: '{\n\t"a": 1,\n\t"mcpServers": {\n\t\t"other": {}\n\t}\n}',
  'four spaces and CRLF': '{\r\n    "mcpServers": {\r\n        "other": {}\r\n    }\r\n}\r\n',
  'a comment behind the last server': '{\n  "mcpServers": {\n    "other": {} // mine, 备注\n  }\n}\n',
  'a trailing comma': '{\n  "mcpServers": {\n    "other": {},\n  },\n}\n',
  'a trailing comma and a comment behind it':
    '{\n  "mcpServers": {\n    "other": {}, // mine\n    // next: none\n  },\n}\n',
  'a comma at the beginning of a line': '{\n  "mcpServers": {\n    "other": {}\n  , "two": {}\n  }\n}\n',
  'one line': '{ "mcpServers": { "other": { "a": 1 } } }',
  minified: '{"a":1,"mcpServers":{"other":{"a":1}}}',
  'no servers yet': '{\n  "theme": "dark"\n}\n',
  'no servers yet, minified': '{"theme":"dark"}',
  'comments all over':
    '/* top */ {\n  // a\n  "a": [1, 2, /* x */ 3], // b\n  /* before */ "mcpServers": /* mid */ {\n    "x": {} /* y */\n    // end\n  } // after\n} // bottom\n',
};

describe.each(Object.entries(documents))('a file with %s', (_name, text) => {
  test('gets the entry, and keeps every byte that was there', () => {
    const { text: after } = put(text);
    expect(serversIn(editor.read(after), ['mcpServers'])['larkgate']).toEqual(entry);
    // What was there is still there, in its order: only whole runs of characters came in between.
    let at = 0;
    for (const character of text) {
      at = after.indexOf(character, at) + 1;
      expect(at).toBeGreaterThan(0);
    }
    expect(after).toMatchSnapshot();
  });

  test('is byte for byte what it was when the entry is taken out again', () => {
    expect(roundTrip(text)).toBe(text);
  });

  test('is not changed by putting in what is there', () => {
    const { text: once } = put(text);
    expect(put(once).text).toBe(once);
  });
});

describe('an empty list of servers', () => {
  test.each([
    '{"mcpServers":{}}',
    '{\n  "mcpServers": {}\n}\n',
    '{\n  "mcpServers": {\n  }\n}',
    '{}',
    '{\n}\n',
    '{ // later\n}\n',
  ])('takes the entry: %j', (text) => {
    const { text: after, created } = put(text);
    expect(serversIn(editor.read(after), ['mcpServers'])).toEqual({ larkgate: entry });
    expect(editor.read(editor.take(after, 'larkgate', created))).toEqual(editor.read(text));
  });

  test('an empty file becomes a document', () => {
    expect(put('').text).toBe(`${JSON.stringify({ mcpServers: { larkgate: entry } }, undefined, 2)}\n`);
  });
});

describe('an entry that is there', () => {
  const mine =
    '{\n  "mcpServers": {\n    "larkgate": {\n      "url": "old", // why\n      "disabled": true\n    },\n    "z": {}\n  }\n}\n';

  test('keeps what others added to it, and its comments', () => {
    const { text } = put(mine);
    expect(serversIn(editor.read(text), ['mcpServers'])['larkgate']).toEqual({ ...entry, disabled: true });
    expect(text).toContain('// why');
  });

  test('is replaced as a whole when it is to be', () => {
    expect(serversIn(editor.read(put(mine, false).text), ['mcpServers'])).toEqual({ larkgate: entry, z: {} });
  });

  test('is taken out without what stands around it', () => {
    expect(editor.take(mine, 'larkgate', 0)).toBe('{\n  "mcpServers": {\n    "z": {}\n  }\n}\n');
  });

  test('taking out what is not there changes nothing', () => {
    expect(editor.take('{ "mcpServers": {} }', 'larkgate', 1)).toBe('{ "mcpServers": {} }');
  });
});

describe('a broken file', () => {
  const refused = (text: string, which = editor) => {
    try {
      which.put(text, 'larkgate', entry, true);
    } catch (error) {
      if (error instanceof BrokenFile) return [error.breakage, error.position];
      throw error;
    }
    return 'taken';
  };

  test('is refused with the line and the column', () => {
    expect(refused('{\n  "a": 1,\n  "b" 2\n}')).toEqual(['syntax', { line: 3, column: 7 }]);
    expect(refused('{ "a": 1 } }')).toEqual(['syntax', { line: 1, column: 12 }]);
    expect(refused('{\n  "mcpServers": {\n')).toEqual(['syntax', expect.objectContaining({ line: 3 })]);
    expect(refused('[]')).toEqual(['shape', { line: 1, column: 1 }]);
    expect(refused('null')).toEqual(['shape', { line: 1, column: 1 }]);
    expect(refused('{\n  "mcpServers": []\n}')).toEqual(['shape', { line: 2, column: 17 }]);
    expect(refused('// nothing but words')).toEqual(['syntax', expect.anything()]);
  });

  test('with a key twice is refused: clients differ in which one they take', () => {
    expect(refused('{ "mcpServers": {}, "mcpServers": {} }')).toEqual(['duplicate', { line: 1, column: 21 }]);
    expect(refused('{ "mcpServers": {\n "larkgate": {},\n "larkgate": {} } }')).toEqual([
      'duplicate',
      { line: 3, column: 2 },
    ]);
  });

  test('a comment is refused where the client reads strict JSON', () => {
    expect(refused('{\n  // mine\n}', strict)).toEqual(['comment', { line: 2, column: 3 }]);
    expect(refused('{ "a": 1, }', strict)).toEqual(['comment', expect.objectContaining({ line: 1 })]);
    expect(refused('{ "a": }', strict)).toEqual(['syntax', expect.objectContaining({ line: 1 })]);
  });

  test('nested without end is refused, not crashed on', () => {
    expect(refused('{"a":'.repeat(100_000))).toEqual(['syntax', undefined]);
  });
});

/** Whitespace and comments as people leave them between tokens. */
const blank = fc.constantFrom('', ' ', '\n', '\n  ', '\n\t', ' /* c */ ', ' // l\n', '\r\n  ');
const memberText = (depth: number): fc.Arbitrary<string> =>
  depth === 0
    ? fc.constantFrom('1', '"é😀"', 'true', 'null', '"// no comment"', '[1, 2]')
    : fc.oneof(memberText(0), objectText(depth));
const objectText = (depth: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom('a', 'b', '😀', 'c d', 'mcpServers2'), { maxLength: 3 }),
      fc.array(fc.tuple(blank, blank, blank, memberText(depth - 1), blank), { minLength: 3, maxLength: 3 }),
      blank,
      fc.boolean(),
    )
    .map(([keys, parts, end, comma]) => {
      const members = keys.map((key, index) => {
        const [one, two, three, value, four] = parts[index] ?? ['', '', '', '1', ''];
        return `${one}${JSON.stringify(key)}${two}:${three}${value}${four}`;
      });
      return `{${members.join(',')}${comma && members.length > 0 ? ',' : ''}${end}}`;
    });

test('whatever a file looks like, what is not ours stays and the way back leads to the same values', () => {
  const servers = objectText(2);
  const whole = fc
    .tuple(objectText(2), servers, fc.boolean(), blank)
    .map(([outer, inner, has, gap]) =>
      has
        ? outer.replace(
            /^\{/,
            `{${gap}"mcpServers":${inner}${outer.replaceAll(/\s|\/\*.*?\*\/|\/\/.*\n/g, '') === '{}' ? '' : ','}`,
          )
        : outer,
    );
  fc.assert(
    fc.property(whole, (text) => {
      const before = editor.read(text);
      const placed = put(text);
      expect(serversIn(editor.read(placed.text), ['mcpServers'])['larkgate']).toEqual(entry);
      const back = editor.take(placed.text, 'larkgate', placed.created);
      expect(editor.read(back)).toEqual(before);
    }),
    { numRuns: 1500 },
  );
});
